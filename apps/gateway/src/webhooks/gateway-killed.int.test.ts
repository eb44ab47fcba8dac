import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId, type WebhookWithSecret } from '@facehash/contracts';
import { connectRedis, createJobClient, startConsumer } from '@facehash/jobs';
import { apiKeys, openStorage, uploads, type ObjectStorage } from '@facehash/storage';
import { startRedis, type RedisForTests } from '@facehash/testkit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { createLogger } from '../logger.js';
import { bearer, eventually, send } from '../testing/requests.js';
import { standInHandlers } from '../testing/stand-in-worker.js';
import { startGatewayProcess } from '../testing/start-process.js';
import { startWebhookReceiver } from '../testing/webhook-receiver.js';

let redis: RedisForTests;
let folder: string;
let storage: ObjectStorage;

beforeAll(async () => {
  redis = await startRedis();
  folder = await mkdtemp(join(tmpdir(), 'facehash-killed-'));
  storage = await openStorage(pathToFileURL(folder).href);
});
afterAll(async () => {
  await storage.close();
  await redis.stop();
  await rm(folder, { recursive: true });
});

const startGateway = () =>
  startGatewayProcess({
    FACEHASH_STORAGE_URL: pathToFileURL(folder).href,
    FACEHASH_REDIS_URL: redis.url,
    FACEHASH_WEBHOOK_ALLOW_PRIVATE: 'true',
  });

/** A job that ends while no gateway is there. */
async function runJob(keyId: string): Promise<string> {
  const connection = connectRedis(redis.url, 'worker');
  const jobs = createJobClient({ redis: connection });
  const logger = createLogger('silent');
  const handlers = standInHandlers(storage);
  const consumer = await startConsumer({ redis: connection, handlers, concurrency: 1, logger });
  const jobId = newId('job');
  const uploadKey = uploads(storage).key(jobId);
  await storage.put(uploadKey, Buffer.from('photo'));
  await jobs.submit('detect', { jobId, keyId, requestId: newId('request'), uploadKey, maxFaces: 1 });
  expect((await jobs.wait(jobId, 10_000))?.job.status).toBe('succeeded');
  await consumer.close();
  await jobs.close();
  connection.disconnect();
  return jobId;
}

it('a gateway that is killed with a delivery in hand, and while a job ends, loses neither', async () => {
  const { key, secret } = await apiKeys(storage).create({ name: 'test', now: new Date() });
  // Whoever is asked first gets no answer.
  const receiver = await startWebhookReceiver((number, response) => {
    if (number > 0) response.end();
  });
  const first = startGateway();
  const registered = await send<WebhookWithSecret>(`${await first.listening}/v1/webhooks`, {
    method: 'POST',
    headers: { ...bearer(secret), 'content-type': 'application/json' },
    body: JSON.stringify({ url: receiver.url }),
  });
  await eventually(() => receiver.received.length === 1);
  first.kill('SIGKILL');
  await first.ended;
  const jobId = await runJob(key.id);

  const second = startGateway();
  await second.listening;
  await eventually(() => receiver.received.length === 3, 20_000);
  const [before, ...after] = receiver.received;
  const verifier = new Webhook(registered.body.secret);
  const events = after.map(
    ({ body, headers }) =>
      verifier.verify(body, headers as Record<string, string>) as { type: string; data: { id: string } },
  );
  expect(events.map(({ type }) => type).sort()).toEqual(['detection.succeeded', 'webhook.ping']);
  expect(events.find(({ type }) => type === 'detection.succeeded')!.data.id).toBe(jobId);
  const again = after[events.findIndex(({ type }) => type === 'webhook.ping')]!;
  expect(again.headers['webhook-id']).toBe(before!.headers['webhook-id']);
  expect(again.body).toBe(before!.body);
  second.kill('SIGTERM');
  await second.ended;
  await receiver.close();
}, 60_000);
