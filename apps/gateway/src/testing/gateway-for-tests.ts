import {
  hashSecret,
  newAdminToken,
  newId,
  STANDARD_RETENTION,
  type ApiKey,
  type Retention,
  type Subject,
} from '@facehash/contracts';
import {
  connectRedis,
  createJobClient,
  startConsumer,
  type JobClient,
  type JobHandlers,
} from '@facehash/jobs';
import { createMetrics, type Metrics } from '@facehash/metrics';
import { apiKeys, models, openStorage, subjects, type ObjectStorage } from '@facehash/storage';
import { lookup as systemLookup } from 'node:dns';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LookupFunction } from 'node:net';
import { pathToFileURL } from 'node:url';
import { createRateLimits } from '../admission/rate-limits.js';
import { createApp } from '../app.js';
import type { GatewayLimits } from '../config.js';
import { createLogger } from '../logger.js';
import { listen } from '../start/listen.js';
import { createAddressCheck } from '../webhooks/addresses.js';
import { createStopping } from '../stopping/stop-serving.js';
import { runWebhooks } from '../webhooks/run-webhooks.js';
import { routesOf } from './routes-of.js';
import { standInHandlers, standInModel } from './stand-in-worker.js';

export const TEST_LIMITS: GatewayLimits = {
  ...{ maxImageBytes: 64 * 1024, maxPhotos: 12, maxModelBytes: 64 * 1024 },
  ...{ requestsPerMinute: 0, failuresPerMinute: 0, openJobs: 0, queueWaitMs: 0 },
};

/** Private receivers are allowed by default, for those of tests are. */
interface WebhooksForTests {
  readonly allowPrivate?: boolean;
  readonly lookup?: LookupFunction;
  readonly schedule?: readonly number[];
  readonly timeoutMs?: number;
}

export interface GatewayOptions extends Partial<GatewayLimits> {
  readonly folder?: string;
  readonly prefix?: string;
  readonly webhooks?: WebhooksForTests;
  readonly retention?: Retention;
  readonly policyUrl?: string;
}

export interface GatewayForTests {
  readonly url: string;
  readonly redisUrl: string;
  /** Where the objects lie, for tests that take it away. */
  readonly folder: string;
  readonly storage: ObjectStorage;
  readonly jobs: JobClient;
  readonly key: ApiKey;
  readonly secret: string;
  readonly adminToken: string;
  readonly logLines: readonly string[];
  readonly metrics: Metrics;
  /** Everything it answers, as `get /v1/jobs/{id}`. */
  routes(): string[];
  newKey(): Promise<{ key: ApiKey; secret: string }>;
  /** Gives a key something to recognise with. */
  publishModel(keyId: string): Promise<void>;
  enrol(subject: Subject): Promise<void>;
  /** A worker that decodes nothing; ended with the gateway. */
  startWorker(handlers?: Partial<JobHandlers>): Promise<void>;
  /** Keys of everything uploaded. */
  uploads(): Promise<string[]>;
  /** Files that storage is still receiving. */
  halfWritten(): Promise<string[]>;
  /** What SIGTERM does. */
  stopServing(times: { drainMs: number; shutdownMs: number }): Promise<void>;
  close(): Promise<void>;
}

/** The app on a free port, in a corner of its own of the Redis given, over a folder of its own or another gateway's. */
export async function startGateway(
  redisUrl: string,
  {
    folder: shared,
    prefix = newId('request'),
    retention = STANDARD_RETENTION,
    policyUrl,
    webhooks: { allowPrivate = true, lookup = systemLookup, ...sending } = {},
    ...changedLimits
  }: GatewayOptions = {},
): Promise<GatewayForTests> {
  const folder = shared ?? (await mkdtemp(join(tmpdir(), 'facehash-gateway-')));
  const storage = await openStorage(pathToFileURL(folder).href);
  const redis = connectRedis(redisUrl, 'gateway');
  const jobs = createJobClient({ redis, prefix });
  const logLines: string[] = [];
  const logger = createLogger('info', { write: (line) => logLines.push(line) });
  const metrics = createMetrics();
  const limits = { ...TEST_LIMITS, ...changedLimits };
  const rates = createRateLimits({ redis, logger, prefix, ...limits });
  const { stopping, stopServing } = createStopping();
  const adminToken = newAdminToken();
  const findAdminTokenHash = () => Promise.resolve(hashSecret(adminToken));
  const app = createApp({
    ...{ storage, jobs, logger, metrics, findAdminTokenHash },
    ...{ limits, rates, trustedProxies: 0, stopping, retention, policyUrl },
    assertWebhookAddress: createAddressCheck({ allowPrivate, lookup }),
  });
  const running = await runWebhooks({
    ...{ redisUrl, prefix, storage, jobs, metrics, logger, allowPrivate, lookup },
    ...sending,
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const newKey = () => apiKeys(storage).create({ name: 'test', now: new Date() });
  const { key, secret } = await newKey();
  const closers: (() => Promise<void>)[] = [];

  return {
    url: server.url,
    ...{ redisUrl, folder, storage, jobs, key, secret, adminToken, logLines, metrics, newKey },
    routes: () => routesOf(app),
    async publishModel(keyId) {
      await models(storage, keyId).publish(standInModel());
    },
    enrol: (subject) => subjects(storage, key.id).put(subject),
    async startWorker(handlers) {
      const connection = connectRedis(redisUrl, 'worker');
      const all = { ...standInHandlers(storage), ...handlers };
      const consumer = await startConsumer({
        redis: connection,
        prefix,
        handlers: all,
        concurrency: 1,
        logger,
      });
      closers.push(async () => {
        await consumer.close();
        connection.disconnect();
      });
    },
    async uploads() {
      const keys: string[] = [];
      for await (const key of storage.list('uploads/')) keys.push(key);
      return keys;
    },
    halfWritten: () => readdir(join(folder, '.incoming')),
    stopServing: (times) => stopServing(server, times),
    async close() {
      await server.close(0);
      for (const close of closers) await close();
      await running.close();
      await jobs.close();
      redis.disconnect();
      await storage.close();
      if (shared === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
