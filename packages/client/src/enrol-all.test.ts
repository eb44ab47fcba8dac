import { describe, expect, it } from '@jest/globals';
import {
  AppError,
  toProblem,
  type EnrolResult,
  type Job,
  type Problem,
  type TrainResult,
} from '@facehash/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { enrolAll, type PersonPhotos } from './enrol-all.js';
import { toFaceHashError } from './facehash-error.js';
import type { JobHandle } from './job-handle.js';
import type { Photo } from './photo.js';
import { job } from './testing/answering-server.js';

const photo = (name: string): File => new File([name], name);
const photos = (...names: string[]): File[] => names.map(photo);
const problem = (code: ConstructorParameters<typeof AppError>[0], details = {}): Problem =>
  toProblem(new AppError(code, code, { details }));

function ended<Result>(changes: Partial<Job>, isReplayed = false): JobHandle<Result> {
  return {
    isReplayed,
    wait: () => Promise.resolve(job({ status: 'succeeded', ...changes })),
  } as JobHandle<Result>;
}

/** A server in memory: every photo is accepted, unless `fail` says otherwise. */
function server(fail: (label: string, call: number) => Problem | Error | undefined = () => undefined) {
  const calls: { label: string; names: string[]; key: string }[] = [];
  let trainings = 0;
  let running = 0;
  let mostRunning = 0;
  return {
    calls,
    trainings: () => trainings,
    mostRunning: () => mostRunning,
    async addPhotos(
      label: string,
      sent: readonly Photo[],
      options?: { idempotencyKey?: string | undefined },
    ) {
      const names = sent.map((one) => (one as File).name);
      const key = options!.idempotencyKey!;
      const isReplayed = calls.some((call) => call.key === key);
      calls.push({ label, names, key });
      mostRunning = Math.max(mostRunning, ++running);
      await sleep(100); // long enough for others to begin
      running -= 1;
      const failure = fail(label, calls.length);
      if (failure instanceof Error) throw failure;
      if (failure !== undefined) return ended<EnrolResult>({ status: 'failed', error: failure });
      const result = {
        label,
        subject_id: '',
        photos: { accepted: sent.length, refused: [], warnings: [], next: [] },
        timings: {},
      };
      return ended<EnrolResult>({ result }, isReplayed);
    },
    retrain: () => {
      trainings += 1;
      return Promise.resolve(ended<TrainResult>({}));
    },
  };
}

describe('enrolAll', () => {
  it('adds the photos of all, a few people at a time, and then trains once', async () => {
    const one = server();
    const people = Array.from({ length: 7 }, (_, at) => ({ label: `p${at}`, photos: photos('a', 'b') }));
    const report = await enrolAll(one, people, { concurrency: 3 });
    expect(report.people.map(({ label, accepted, error }) => [label, accepted, error])).toEqual(
      people.map(({ label }) => [label, 2, null]),
    );
    expect(one.mostRunning()).toBe(3);
    expect(one.trainings()).toBe(1);
    expect(report.training?.status).toBe('succeeded');
  });

  it('sends no more photos at once than the server takes', async () => {
    const one = server();
    const many = Array.from({ length: 450 }, (_, at) => photo(String(at)));
    const report = await enrolAll(one, [{ label: 'ann', photos: many }]);
    expect(one.calls.map(({ names }) => names.length)).toEqual([200, 200, 50]);
    expect(report.people).toMatchObject([{ label: 'ann', accepted: 450 }]);
  });

  it('adds up a person who comes in pieces, one piece after the other', async () => {
    const one = server();
    const pieces = ['a', 'b', 'c'].map((name) => ({ label: 'ann', photos: photos(name) }));
    const report = await enrolAll(one, pieces, { concurrency: 3 });
    expect(report.people).toMatchObject([{ label: 'ann', accepted: 3 }]);
    expect(one.mostRunning()).toBe(1);
  });

  it('goes on with the others when one person fails, and says why', async () => {
    const refused = [{ file_name: 'a', reason: 'NO_FACE', detail: '' }];
    const one = server((label) => (label === 'ben' ? problem('NO_USABLE_PHOTOS', { refused }) : undefined));
    const told: string[] = [];
    const people = ['ann', 'ben', 'cleo'].map((label) => ({ label, photos: photos('a') }));
    const report = await enrolAll(one, people, { onPerson: ({ label }) => told.push(label) });
    expect(report.people).toMatchObject([
      { label: 'ann', accepted: 1, error: null },
      { label: 'ben', accepted: 0, refused, error: { code: 'NO_USABLE_PHOTOS' } },
      { label: 'cleo', accepted: 1, error: null },
    ]);
    expect(told.sort()).toEqual(['ann', 'ben', 'cleo']);
    expect(one.trainings()).toBe(1);
  });

  it('trains nobody when there is nothing new', async () => {
    const one = server(() => problem('NO_USABLE_PHOTOS'));
    const report = await enrolAll(one, [{ label: 'ann', photos: photos('a') }]);
    expect([report.training, one.trainings()]).toEqual([null, 0]);
  });

  it('uses the same keys when it is run again, and others for other photos, names or labels', async () => {
    const one = server();
    const variants: PersonPhotos[] = [
      { label: 'ann', photos: photos('a', 'b') },
      { label: 'ben', photos: photos('a', 'b') },
      { label: 'ann', photos: photos('b', 'a') },
      { label: 'ann', photos: [photo('a'), new File(['x'], 'b')] },
      { label: 'ann', photos: [photo('a'), new File(['b'], 'x')] },
    ];
    for (const variant of [...variants, ...variants]) await enrolAll(one, [variant]);
    const keys = one.calls.map(({ key }) => key);
    expect(keys.slice(5)).toEqual(keys.slice(0, 5));
    expect(new Set(keys).size).toBe(5);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}-1$/);
  });

  it('tells which photos an earlier run had brought', async () => {
    const one = server();
    const run = (...more: PersonPhotos[]) =>
      enrolAll(one, [{ label: 'ann', photos: photos('a', 'b') }, ...more]);
    expect((await run()).people).toMatchObject([{ accepted: 2, alreadyThere: 0 }]);
    const again = await run({ label: 'ann', photos: photos('c') });
    expect(again.people).toMatchObject([{ accepted: 3, alreadyThere: 2 }]);
  });

  it('tries a job that was lost again, under a key of its own that is the same in the next run', async () => {
    const one = server((_, call) => (call === 1 ? problem('JOB_LOST') : undefined));
    const report = await enrolAll(one, [{ label: 'ann', photos: photos('a') }]);
    expect(report.people).toMatchObject([{ accepted: 1, error: null }]);
    expect(one.calls.map(({ key }) => key.split('-')[1])).toEqual(['1', '2']);
  });

  it('stops when nobody could be enrolled, and closes its source', async () => {
    const one = server(() => toFaceHashError(problem('UNAUTHORIZED')));
    let closed = false;
    async function* endless(): AsyncGenerator<PersonPhotos> {
      try {
        for (let at = 0; ; at++) yield await Promise.resolve({ label: String(at), photos: photos('a') });
      } finally {
        closed = true;
      }
    }
    await expect(enrolAll(one, endless())).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect(closed).toBe(true);
    expect(one.calls.length).toBeLessThan(4);
  });
});
