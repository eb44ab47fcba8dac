import { describe, expect, it } from '@jest/globals';
import { newId, type Job } from '@facehash/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Payload } from './catalogue.js';
import type { JobClient } from './client.js';
import type { JobHandler } from './delivery.js';
import { answer, handlers, recognizePayload, trained, training } from './testing/examples.js';
import { useQueue } from './testing/use-queue.js';

let client: JobClient;
const { consume } = useQueue((queue) => ({ client } = queue));

const submit = async (keyId: string, fields: { subject: null } | object = {}): Promise<string> => {
  const { train, extracts } = training(['a']);
  const own = { ...train, ...fields, keyId };
  await client.submitWaitingTraining(
    own,
    own.subject === null ? [] : extracts.map((extract) => ({ ...extract, keyId })),
  );
  return own.jobId;
};
const ended = async (jobId: string): Promise<Job> => {
  const record = await client.wait(jobId, 20_000);
  return record!.job;
};

describe('Trainings of one key that wait for their turn', () => {
  it('end one after the other, never two at once, whatever worker has them', async () => {
    let running = 0;
    let most = 0;
    const train: JobHandler<'train'> = {
      async run(_payload, context) {
        await context.turn();
        most = Math.max(most, ++running);
        await sleep(100);
        running--;
        return trained;
      },
    };
    const keyId = newId('key');
    const jobs = [await submit(keyId), await submit(keyId), await submit(keyId)];
    await consume({ train });
    await consume({ train });
    const statuses = (await Promise.all(jobs.map(ended))).map(({ status }) => status);
    expect([statuses, most]).toEqual([['succeeded', 'succeeded', 'succeeded'], 1]);
    expect(await client.trainings.underWay(keyId)).toEqual([]);
  });

  it('can be ended by the one whose turn it is, which sees them in their order', async () => {
    const fits: string[][] = [];
    const ready = new Set<string>();
    const train: JobHandler<'train'> = {
      async run({ jobId }, context) {
        ready.add(jobId);
        await context.turn();
        while (ready.size < 3) await sleep(20);
        const others = await context.others.list();
        fits.push([jobId, ...others]);
        for (const other of others) {
          expect(await context.others.mayPublish(other)).toBe(true);
          await context.others.end(other, trained);
        }
        return trained;
      },
    };
    const keyId = newId('key');
    const jobs = [await submit(keyId), await submit(keyId), await submit(keyId)];
    for (let worker = 0; worker < 3; worker++) await consume({ train });
    const all = await Promise.all(jobs.map(ended));
    expect(all.map(({ status, result }) => [status, result])).toEqual(
      jobs.map(() => ['succeeded', trained.result]),
    );
    expect(fits).toHaveLength(1);
    expect(fits[0]!.slice(1)).toEqual(jobs.filter((jobId) => jobId !== fits[0]![0]));
  });

  it('are cancelled without the others: whoever would take them along is told', async () => {
    const keyId = newId('key');
    const told: boolean[] = [];
    const canceled = await submit(keyId, { subject: null });
    const train: JobHandler<'train'> = {
      async run(_payload, context) {
        await context.turn();
        expect(await context.others.list()).toEqual([canceled]);
        await client.cancel(canceled, () => Promise.resolve());
        told.push(await context.others.mayPublish(canceled));
        await context.others.end(canceled, trained);
        return trained;
      },
    };
    const { train: own } = training(['a']);
    // As if it had held the lock from its upload on: the turn is its own already.
    await client.trainings.acquire(keyId, own.jobId);
    await client.submitTraining({ ...own, keyId, subject: null }, []);
    await consume({ train });
    expect((await ended(own.jobId)).status).toBe('succeeded');
    expect(await ended(canceled)).toMatchObject({ status: 'canceled', result: null });
    expect(told).toEqual([false]);
  });

  it('do not use up their attempts by waiting', async () => {
    const keyId = newId('key');
    await client.trainings.acquire(keyId, newId('job'));
    const holder = (await client.trainings.acquire(keyId, newId('job'))) as { jobId: string };
    const attempts: number[] = [];
    await consume({
      train: {
        async run(payload, context) {
          attempts.push(context.attempt);
          await context.turn();
          return handlers.train.run(payload, context);
        },
      },
    });
    const jobId = await submit(keyId);
    while (attempts.length < 5) await sleep(20);
    await client.trainings.release(keyId, holder.jobId);
    expect((await ended(jobId)).status).toBe('succeeded');
  });

  it('enrol without a fit, and then are no training under way', async () => {
    const { train, extracts } = training(['a', 'b']);
    await client.submitEnrolment({ ...train, subject: train.subject! }, extracts);
    expect(await client.trainings.underWay(train.keyId)).toEqual([]);
    await consume();
    expect(await ended(train.jobId)).toMatchObject({
      ...{ type: 'enrol', status: 'succeeded', model: null },
      result: { label: 'Ada', photos: { accepted: 4 } },
    });
  });
});

describe('A recognition that waits for trainings', () => {
  const waiting = (keyId: string, waitFor: string[]): Payload<'recognize'> => ({
    ...recognizePayload(),
    ...{ keyId, waitFor },
  });

  it('stays queued and says for which, until they have ended, and then runs', async () => {
    const keyId = newId('key');
    const order: string[] = [];
    let finishTraining = (): void => undefined;
    const trainingMayEnd = new Promise<void>((resolve) => (finishTraining = resolve));
    await consume({
      train: {
        async run() {
          await trainingMayEnd;
          order.push('trained');
          return trained;
        },
      },
      recognize: {
        run() {
          order.push('recognized');
          return Promise.resolve(answer);
        },
      },
    });
    const jobs = [await submit(keyId, { subject: null }), await submit(keyId, { subject: null })];
    const { id } = await client.submit('recognize', waiting(keyId, jobs));
    await sleep(700);
    expect((await client.get(id))?.job).toMatchObject({ status: 'queued', waiting_for: jobs[1] });
    finishTraining();
    expect(await ended(id)).toMatchObject({ status: 'succeeded', waiting_for: null });
    expect(order).toEqual(['trained', 'trained', 'recognized']);
  });

  it('goes on when they are cancelled, and can be cancelled itself', async () => {
    const keyId = newId('key');
    const job = await submit(keyId, { subject: null });
    const first = await client.submit('recognize', waiting(keyId, [job]));
    const second = await client.submit('recognize', waiting(keyId, [job]));
    await consume({ train: { run: (_payload, { signal }) => sleep(20_000, trained, { signal }) } });
    await client.cancel(second.id, () => Promise.resolve());
    expect((await ended(second.id)).status).toBe('canceled');
    await client.cancel(job, () => Promise.resolve());
    expect((await ended(first.id)).status).toBe('succeeded');
  });
});
