import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { replicated, startRedisCluster, startRedisSentinel } from '@facehash/testkit';
import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createJobClient, type JobClient } from './client.js';
import { connectRedis, requireRedis, type Redis } from './connection.js';
import { startConsumer, type Consumer } from './consumer.js';
import { prefixOn, redisKeys } from './redis-keys.js';
import { answer, handlers, newPrefix, recognizePayload, silent } from './testing/examples.js';

interface Deployment {
  readonly url: string;
  /** The server that takes the writes of a name. */
  readonly holderOf: (name: string) => Promise<{ readonly pid: number; readonly port: number }>;
  readonly stop: () => Promise<void>;
}

const JOBS = 30;
const JOB_MS = 150;
/** Both are set up to call a server dead after 1 s; then they vote, and ioredis looks for the new one. */
const BACK_WITHIN_MS = 15_000;
const ANSWER_WITHIN_MS = 3_000;

describe.each<[string, () => Promise<Deployment>]>([
  [
    'that Sentinels watch',
    async () => {
      const { url, master, stop } = await startRedisSentinel();
      return { url, stop, holderOf: () => Promise.resolve(master) };
    },
  ],
  ['of a cluster with replicas', () => startRedisCluster({ replicas: true })],
])('A server %s dies in the middle of work', (_kind, start) => {
  const prefix = newPrefix();
  const succeeded: string[] = [];
  let deployment: Deployment;
  let gatewayRedis: Redis;
  let workerRedis: Redis;
  let client: JobClient;
  let consumer: Consumer;

  beforeAll(async () => {
    deployment = await start();
    gatewayRedis = connectRedis(deployment.url, 'gateway');
    workerRedis = connectRedis(deployment.url, 'worker');
    await Promise.all([requireRedis(gatewayRedis, silent), requireRedis(workerRedis, silent)]);
    client = createJobClient({ redis: gatewayRedis, prefix });
    consumer = await startConsumer({
      ...{ redis: workerRedis, prefix, concurrency: 2, logger: silent },
      handlers: {
        ...handlers,
        recognize: {
          async run() {
            await sleep(JOB_MS);
            return answer;
          },
          afterSuccess: ({ jobId }) => Promise.resolve(void succeeded.push(jobId)),
        },
      },
    });
  }, 60_000);
  afterAll(async () => {
    await consumer.close();
    await client.close();
    gatewayRedis.disconnect();
    workerRedis.disconnect();
    await deployment.stop();
  }, 30_000);

  it('no job that was accepted is lost or ends twice, and new ones are taken again soon', async () => {
    const ids = await Promise.all(
      Array.from({ length: JOBS }, async () => (await client.submit('recognize', recognizePayload())).id),
    );
    const waited = ids.map((id) => client.wait(id, 45_000));
    await eventually(() => succeeded.length >= 4);
    const holder = await deployment.holderOf(redisKeys(prefixOn(gatewayRedis, prefix)).record(''));
    // What its replica has not heard of yet would be lost.
    await replicated(holder.port);
    kill(holder.pid, 'SIGKILL');
    const killedAt = performance.now();

    // Who sends a job meanwhile is told so soon, or waits a moment.
    for (;;) {
      const sentAt = performance.now();
      const sent = await client.submit('recognize', recognizePayload()).catch((error: unknown) => error);
      expect(performance.now() - sentAt).toBeLessThan(ANSWER_WITHIN_MS);
      if (!(sent instanceof Error)) break;
      expect(sent).toMatchObject({ code: 'UNAVAILABLE' });
      expect(performance.now() - killedAt).toBeLessThan(BACK_WITHIN_MS);
      await sleep(50);
    }

    const records = await Promise.all(waited);
    expect(records.map((record) => record?.job.status)).toEqual(ids.map(() => 'succeeded'));
    // Not how often it ran: a worker whose lock has run out meanwhile does a job once more. Its caller sees one end.
    // Cleaning up follows an end, so that a caller may hear of that first.
    await eventually(() => ids.every((id) => succeeded.includes(id)));
    const { id } = await client.submit('recognize', recognizePayload());
    expect((await client.wait(id, 10_000))?.job.status).toBe('succeeded');
  }, 60_000);
});

async function eventually(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not in time: ${condition.toString()}`);
    await sleep(20);
  }
}
