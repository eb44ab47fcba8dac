import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { ModelResource, PhotoList, RecognizeResult, SubjectList } from '@facehash/contracts';
import { drawPerson, drawPortrait, startMinio } from '@facehash/testkit';
import { FACEHASH_ARGS } from './facehash-args.js';
import { startService, type Caller, type Service } from './start-service.js';

const REPO = path.resolve(import.meta.dirname, '../..');
const PEOPLE = { Ada: 1, Ben: 2, 'Zoë O’Hara': 3 };

// Looked for here, because a suite decides what it skips before it starts anything.
const minio = await startMinio();
if (minio === undefined) console.warn('Folder to S3 is not tested: there is no minio on this machine.');

const portraits = (person: number, from: number, count: number): Promise<Buffer[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => drawPortrait(drawPerson(person), from + at)));

/** What the command prints; it must succeed. */
async function facehash(storageUrl: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, FACEHASH_STORAGE_URL: storageUrl };
  const { stdout } = await promisify(execFile)(process.execPath, [...FACEHASH_ARGS, ...args], {
    cwd: REPO,
    env,
  });
  return stdout;
}

/** All that a caller can learn of what is stored. */
async function everythingTold(caller: Caller) {
  const json = async <T>(target: string): Promise<T> => (await (await caller.request(target)).json()) as T;
  const subjects = await json<SubjectList>('/v1/subjects');
  const photos: PhotoList[] = [];
  for (const { label } of subjects.data)
    photos.push(await json<PhotoList>(`/v1/subjects/${encodeURIComponent(label)}/photos`));
  const report = await json<object>('/v1/model/report');
  return { subjects, photos, report, model: await json<ModelResource>('/v1/model') };
}

async function answers(caller: Caller, images: readonly Buffer[]) {
  const told = [];
  for (const image of images) {
    const job = await caller.ended(await caller.recognize(image));
    told.push((job.result as RecognizeResult).faces);
  }
  return told;
}

(minio === undefined ? describe.skip : describe)('a backup from a folder, restored on S3', () => {
  let folder: string;
  let before: Service;
  let after: Service | undefined;
  afterAll(async () => {
    await before.stop();
    await after?.stop();
    await minio?.stop();
    await rm(folder, { recursive: true });
  });

  it('answers the same to the same photos, with the same keys', async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'facehash-backup-e2e-'));
    before = await startService();
    const caller = await before.newKey();
    const empty = await before.newKey();
    for (const [label, person] of Object.entries(PEOPLE)) {
      const job = await caller.ended(await caller.train(label, await portraits(person, 0, 5)));
      expect(job).toMatchObject({ status: 'succeeded', error: null });
    }
    const images = (await Promise.all([1, 2, 3, 4].map((person) => portraits(person, 60, 2)))).flat();
    const told = await everythingTold(caller);
    const answered = await answers(caller, images);
    expect(answered.map(([face]) => face?.label).slice(0, 6)).toEqual(
      Object.keys(PEOPLE).flatMap((label) => [label, label]),
    );

    // The service goes on meanwhile.
    const file = path.join(folder, 'facehash.tar');
    const [printed] = await Promise.all([
      facehash(before.storageUrl, 'backup', file),
      answers(caller, images.slice(0, 4)),
    ]);
    expect(printed).toMatch(/^backed up 2 key\(s\), /);
    expect(await facehash(minio!.url, 'restore', file)).toMatch(/^restored 2 key\(s\) in /);
    await before.stop();

    after = await startService({ storageUrl: minio!.url });
    const again = caller.at(after.url);
    expect(await everythingTold(again)).toEqual(told);
    expect(await answers(again, images)).toEqual(answered);
    expect((await empty.at(after.url).request('/v1/subjects')).status).toBe(200);

    // And it goes on from there.
    const job = await again.ended(await again.train('Cleo', await portraits(5, 0, 5)));
    expect(job).toMatchObject({ status: 'succeeded', error: null });
    expect((await answers(again, await portraits(5, 60, 1)))[0]).toMatchObject([{ label: 'Cleo' }]);
  }, 240_000);
});
