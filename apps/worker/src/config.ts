import {
  metricsAddress,
  parseSettings,
  RETENTION_SETTINGS,
  retentionSettings,
  SHARED_SETTINGS,
  withSecretFiles,
  type MetricsAddress,
  type Retention,
} from '@facehash/contracts';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { WANTED_ENGINES, type WantedEngine } from './choose-engine.js';

/** A path inside the checkout, right from `src` and from `dist`. */
const inRepository = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const configSchema = z.object({
  /** The queue between gateway and workers: one server, Sentinels or a cluster (docs/redis.md). */
  FACEHASH_REDIS_URL: z.string().default('redis://127.0.0.1:6379'),
  /** Keys, photos and models: `file:///dir` or `s3://ACCESS:SECRET@host:port/bucket`. The same as the gateway's. */
  FACEHASH_STORAGE_URL: z.string({
    error: 'is missing: file:///dir, or s3://ACCESS:SECRET@host:port/bucket',
  }),
  /** Photos at a time. A native crash costs every photo in work, so more than two are more workers instead. */
  FACEHASH_CONCURRENCY: z.coerce.number().int().min(1).max(2).default(1),
  /** dlib's 68-point forest, flattened by `npm run setup`. */
  FACEHASH_LANDMARK_MODEL: z.string().default(inRepository('.facehash/models/landmarks-68.flat')),
  /** The Haar cascades. */
  FACEHASH_CASCADES_DIR: z.string().default(inRepository('haarcascades')),
  /** What computes the Keras models; `auto` takes the fastest that is installed. */
  FACEHASH_BACKEND: z.enum(['auto', 'tensorflow', 'wasm', 'cpu']).default('auto'),
  /** What computes embeddings: `auto` takes a GPU where TensorFlow.js has one, else OpenCV; `tensorflow` and `wasm` need that backend. */
  FACEHASH_ENGINE: z.enum(WANTED_ENGINES).default('auto'),
  /** Key models kept in memory; one of 100 people over ratios weighs about 1 MB. */
  FACEHASH_CACHED_MODELS: z.coerce.number().int().min(1).default(32),
  ...SHARED_SETTINGS,
  ...RETENTION_SETTINGS,
  /** Read by libuv before our first line runs: whoever starts the process sets it. */
  UV_THREADPOOL_SIZE: z.coerce.number().int().min(1).default(4),
  /** Read by opencv4nodejs when it loads; without it the garbage collector counts native bytes and may end the process. */
  OPENCV4NODEJS_DISABLE_EXTERNAL_MEM_TRACKING: z.string().optional(),
});

export interface WorkerConfig {
  readonly redisUrl: string;
  readonly storageUrl: string;
  readonly concurrency: number;
  /** Of libuv's pool. */
  readonly threads: number;
  readonly landmarkModelPath: string;
  readonly cascadesDir: string;
  readonly backend: 'auto' | 'tensorflow' | 'wasm' | 'cpu';
  readonly engine: WantedEngine;
  readonly cachedModels: number;
  /** What is kept how long under keys that say nothing else. */
  readonly retention: Retention;
  readonly logLevel: string;
  /** For Redis and the storage, each. */
  readonly startWaitMs: number;
  /** undefined = metrics are not served. */
  readonly metrics: MetricsAddress | undefined;
  /** What should have been set before the process started, a sentence each. */
  readonly warnings: readonly string[];
}

/** Native calls hold a thread each; files and DNS share the pool and must not wait behind a photo. */
const SPARE_THREADS = 3;

const readText = (path: string): string => readFileSync(path, 'utf8');

/** @throws Error with a line per setting that is wrong */
export function readConfig(env: NodeJS.ProcessEnv = process.env): WorkerConfig {
  const values = parseSettings(configSchema, withSecretFiles(env, readText));
  return {
    redisUrl: values.FACEHASH_REDIS_URL,
    storageUrl: values.FACEHASH_STORAGE_URL,
    concurrency: values.FACEHASH_CONCURRENCY,
    threads: values.UV_THREADPOOL_SIZE,
    landmarkModelPath: values.FACEHASH_LANDMARK_MODEL,
    cascadesDir: values.FACEHASH_CASCADES_DIR,
    backend: values.FACEHASH_BACKEND,
    engine: values.FACEHASH_ENGINE,
    cachedModels: values.FACEHASH_CACHED_MODELS,
    retention: retentionSettings(values),
    logLevel: values.FACEHASH_LOG_LEVEL,
    startWaitMs: values.FACEHASH_START_WAIT_SECONDS * 1000,
    metrics: metricsAddress(values),
    warnings: [
      ...(values.UV_THREADPOOL_SIZE < values.FACEHASH_CONCURRENCY + SPARE_THREADS
        ? [`UV_THREADPOOL_SIZE should be at least ${values.FACEHASH_CONCURRENCY + SPARE_THREADS}`]
        : []),
      ...(values.OPENCV4NODEJS_DISABLE_EXTERNAL_MEM_TRACKING === '1'
        ? []
        : [
            'OPENCV4NODEJS_DISABLE_EXTERNAL_MEM_TRACKING should be 1, or the worker may be ended by its memory accounting',
          ]),
    ],
  };
}

/** What the programs beside the worker need of its settings: they take no jobs and store nothing. */
export type ToolConfig = Pick<WorkerConfig, 'landmarkModelPath' | 'cascadesDir' | 'backend'> & {
  /** Photos at a time: nobody else waits for these cores. */
  readonly slots: number;
};

/** @throws as readConfig */
export function readToolConfig(env: NodeJS.ProcessEnv = process.env): ToolConfig {
  const schema = configSchema.pick({
    FACEHASH_LANDMARK_MODEL: true,
    FACEHASH_CASCADES_DIR: true,
    FACEHASH_BACKEND: true,
  });
  const values = parseSettings(schema, env);
  return {
    landmarkModelPath: values.FACEHASH_LANDMARK_MODEL,
    cascadesDir: values.FACEHASH_CASCADES_DIR,
    backend: values.FACEHASH_BACKEND,
    slots: availableParallelism(),
  };
}
