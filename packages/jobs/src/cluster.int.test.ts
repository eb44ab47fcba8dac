import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@facehash/contracts';
import { startRedisCluster, type RedisClusterForTests } from '@facehash/testkit';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChores } from './chores.js';
import { createJobClient, type JobClient } from './client.js';
import { connectRedis, requireRedis, serversOf, type Redis } from './connection.js';
import { startConsumer } from './consumer.js';
import type { JobHandlers } from './delivery.js';
import { createHousekeeping } from './housekeeping.js';
import { onModelsGone } from './models-gone.js';
import { answer, handlers, newPrefix, recognizePayload, silent, training } from './testing/examples.js';
import { startWebhooks } from './webhooks/start-webhooks.js';

/** What scripts over several names and subscriptions do, over the connections that gateway and workers have. */
describe('On a cluster of three masters', () => {
  let cluster: RedisClusterForTests;
  let gatewayRedis: Redis;
  let workerRedis: Redis;
  let prefix: string;
  let client: JobClient;
  const closers: (() => unknown)[] = [];

  beforeAll(async () => {
    cluster = await startRedisCluster();
    gatewayRedis = connectRedis(cluster.url, 'gateway');
    workerRedis = connectRedis(cluster.url, 'worker');
    await Promise.all([requireRedis(gatewayRedis, silent), requireRedis(workerRedis, silent)]);
  }, 60_000);
  afterAll(async () => {
    gatewayRedis.disconnect();
    await workerRedis.quit();
    await cluster.stop();
  });
  beforeEach(() => {
    prefix = newPrefix();
    client = createJobClient({ redis: gatewayRedis, prefix });
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await client.close();
  });

  const work = async (changed: Partial<JobHandlers> = {}): Promise<void> => {
    const all = { ...handlers, ...changed };
    const consumer = await startConsumer({
      ...{ redis: workerRedis, prefix, handlers: all, concurrency: 1, logger: silent },
    });
    closers.push(() => consumer.close());
  };
  const submit = async (keyId: string) =>
    (await client.submit('recognize', { ...recognizePayload(), keyId })).id;
  /** Of each server that holds any. */
  const names = async (): Promise<string[][]> =>
    (await Promise.all(serversOf(workerRedis).map((server) => server.keys('*')))).filter(
      (held) => held.length > 0,
    );

  it('a job is sent, run and waited for, and everything of it lies on one server', async () => {
    await work();
    const { id } = await client.submit('recognize', recognizePayload());
    expect((await client.wait(id, 10_000))?.job).toMatchObject({
      status: 'succeeded',
      result: answer.result,
    });
    expect(await names()).toHaveLength(1);
    for (const name of (await names()).flat()) expect(name.startsWith(`{${prefix}}:`)).toBe(true);
  });

  it('who waits is woken by the end of a job, wherever that happens', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => submit(newId('key'))));
    const waited = ids.map(async (id) => {
      await client.wait(id, 10_000);
      return performance.now();
    });
    // Past the subscription's own start. Who is not woken looks again after 1.5 s and every 1.5 s from then on.
    await sleep(1_700);
    const endedAt = performance.now();
    await Promise.all(ids.map((id) => client.cancel(id, () => Promise.resolve())));
    for (const wokenAt of await Promise.all(waited)) expect(wokenAt - endedAt).toBeLessThan(1_000);
  });

  it('a running job is cancelled, and its worker hears of it at once', async () => {
    let begun: AbortSignal | undefined;
    await work({
      recognize: {
        async run(_payload, { signal }) {
          begun = signal;
          await sleep(20_000, undefined, { signal });
          return answer;
        },
      },
    });
    const id = await submit(newId('key'));
    await eventually(() => begun !== undefined);
    await client.cancel(id, () => Promise.resolve());
    expect((await client.wait(id, 10_000))?.job.status).toBe('canceled');
    await eventually(() => begun?.aborted === true);
  });

  it('a training holds the lock of its key until it has ended, and its batches run before it', async () => {
    const { train, extracts } = training(['a', 'b', 'c']);
    const { keyId, jobId } = train;
    expect(await client.trainings.acquire(keyId, jobId)).toEqual({ acquired: true });
    await client.submitTraining(train, extracts);
    expect(await client.trainings.acquire(keyId, newId('job'))).toEqual({ acquired: false, jobId });
    const ran: string[] = [];
    await work({
      extract: {
        run(payload, context) {
          ran.push(`extract ${payload.batch}`);
          return handlers.extract.run(payload, context);
        },
      },
      train: {
        async run(payload, context) {
          await context.turn();
          ran.push('train');
          return handlers.train.run(payload, context);
        },
      },
    });
    expect((await client.wait(jobId, 10_000))?.job.status).toBe('succeeded');
    expect(ran).toEqual(['extract 0', 'extract 1', 'extract 2', 'train']);
    expect(await client.trainings.acquire(keyId, newId('job'))).toEqual({ acquired: true });
  });

  it('a subscriber that has lost its server moves on to another, and says what it may have missed', async () => {
    const heard: string[] = [];
    const forget = (keyId: string) => heard.push(keyId);
    const told = onModelsGone({ redis: workerRedis, prefix, forget, forgetAll: () => heard.push('all') });
    closers.push(() => {
      told.close();
    });
    await eventually(() => heard.length === 1);
    let ended = 0;
    for (const server of serversOf(workerRedis)) {
      ended += Number(await server.call('CLIENT', 'KILL', 'TYPE', 'pubsub'));
    }
    expect(ended).toBeGreaterThan(0);
    await eventually(() => heard.length === 2);
    await createHousekeeping({ redis: workerRedis, prefix }).tellModelsGone('key_1');
    await eventually(() => heard.length === 3);
    expect(heard).toEqual(['all', 'all', 'key_1']);
  });

  it("a job's webhook is told of its end, by one of two gateways", async () => {
    const told: string[] = [];
    const webhook = newId('webhook');
    for (let gateway = 0; gateway < 2; gateway++) {
      const webhooks = await startWebhooks({
        ...{ redis: workerRedis, prefix, logger: silent },
        sender: {
          subscribersOf: () => Promise.resolve([webhook]),
          attempt: ({ delivery }) => {
            told.push(delivery.event.type);
            const at = new Date().toISOString();
            return Promise.resolve({
              kind: 'succeeded',
              attempt: { at, status: 200, duration_ms: 1, error: null },
            });
          },
          gaveUp: () => Promise.resolve(),
        },
      });
      closers.push(() => webhooks.close());
    }
    await work();
    const keyId = newId('key');
    await submit(keyId);
    const delivered = async () =>
      (await client.webhooks.list(keyId, { limit: 9, status: 'succeeded' })).items;
    await eventually(async () => (await delivered()).length === 1);
    expect(told).toEqual(['recognition.succeeded']);
  });

  it('keys take turns, and a key is told how long it would wait', async () => {
    const [many, few] = [newId('key'), newId('key')];
    const sent = [];
    for (let i = 0; i < 6; i++) sent.push(await submit(many));
    sent.push(await submit(few));
    let ran = '';
    await work({
      recognize: {
        run({ keyId }) {
          ran += keyId === many ? 'm' : 'f';
          return Promise.resolve(answer);
        },
      },
    });
    for (const id of sent) await client.wait(id, 10_000);
    expect(ran.indexOf('f')).toBeLessThanOrEqual(1);
    expect(await client.admission.waits.estimate('recognize', few)).toBe(0);
    expect((await client.queueDepths()).find(({ queue }) => queue === 'recognize')?.jobs.waiting).toBe(0);
  });

  it("a key's jobs are listed by pages, counted and remembered by their Idempotency-Key", async () => {
    const keyId = newId('key');
    const ids = [await submit(keyId), await submit(keyId), await submit(keyId)];
    const first = await client.list(keyId, { limit: 2 });
    const second = await client.list(keyId, { limit: 2, after: first.nextCursor! });
    expect([...first.jobs, ...second.jobs].map(({ id }) => id)).toEqual(ids.toReversed());
    const { idempotency, openJobs } = client.admission;
    const job = newId('job');
    expect(await idempotency.begin(keyId, 'again', job)).toEqual({ state: 'mine' });
    expect(await idempotency.begin(keyId, 'again', newId('job'))).toEqual({ state: 'under-way' });
    expect([await openJobs.reserve(keyId, job, 1), await openJobs.reserve(keyId, newId('job'), 1)]).toEqual([
      true,
      false,
    ]);
  });

  it('a key is erased: nothing of it is left on any server, and its models are let go of', async () => {
    const gone: string[] = [];
    const forget = (keyId: string) => gone.push(keyId);
    const told = onModelsGone({ redis: workerRedis, prefix, forget, forgetAll: () => gone.push('all') });
    closers.push(() => {
      told.close();
    });
    const housekeeping = createHousekeeping({ redis: workerRedis, prefix });
    const [keyId, other] = [newId('key'), newId('key')];
    const [id, theirs] = [await submit(keyId), await submit(other)];
    let erased = '';
    const chores = await startChores({
      ...{ redis: workerRedis, prefix, everyMs: 60_000, logger: silent },
      chores: {
        sweep: () => Promise.resolve(),
        async eraseKey(key) {
          await housekeeping.leaveQueues(key);
          await housekeeping.forgetKey(key);
          await housekeeping.tellModelsGone(key);
          erased = key;
        },
      },
    });
    closers.push(() => chores.close());
    await client.eraseKey(keyId);
    expect(await housekeeping.jobsOf(keyId)).toEqual([id]);
    await eventually(() => erased === keyId && gone.includes(keyId));
    // The chore itself leaves its queue a moment later.
    await eventually(async () => (await names()).flat().filter((name) => name.includes(keyId)).length === 1);
    expect((await names()).flat().filter((name) => name.includes(keyId))).toEqual([
      `{${prefix}}:jobs:${keyId}:closed`,
    ]);
    expect(await client.get(id)).toBeUndefined();
    expect((await client.get(theirs))?.job.status).toBe('queued');
  }, 30_000);
});

async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not in time: ${condition.toString()}`);
    await sleep(20);
  }
}
