import {
  hashSecret,
  IMAGE_LIMITS,
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
import { z } from 'zod';

const numberFrom = (least: number, unit: string) =>
  z.coerce.number(`expected a number of ${unit}`).int().min(least).max(1_000_000_000);

const configSchema = z.object({
  FACEHASH_PORT: z.coerce.number('expected a port from 0 to 65535').int().min(0).max(65535).default(8080),
  /** Only this machine by default: the gateway speaks plain HTTP, so a proxy with TLS belongs in front of any other address. */
  FACEHASH_HOST: z.string().min(1).default('127.0.0.1'),
  /** The queue between gateway and workers: one server, Sentinels or a cluster (docs/redis.md). */
  FACEHASH_REDIS_URL: z.string().min(1).default('redis://127.0.0.1:6379'),
  /** Keys, photos and models. No default: a gateway and workers that look into different folders fail in puzzling ways. */
  FACEHASH_STORAGE_URL: z.string({
    error: 'is missing; set file:///dir or s3://ACCESS:SECRET@host:port/bucket, the same as the workers have',
  }),
  /** Manages keys over HTTP. Without it the gateway mints one at the first start and prints it once. */
  FACEHASH_ADMIN_TOKEN: z
    .string()
    // 32 characters of hex are 128 bits; a word that somebody thought of is shorter.
    .regex(
      /^[\x21-\x7e]{32,256}$/,
      'expected 32 to 256 printable characters without spaces, as random as a key',
    )
    .optional(),
  ...SHARED_SETTINGS,
  ...RETENTION_SETTINGS,
  /** Where people find the operator's own policy, and whom to ask; shown by `GET /v1/policy`. */
  FACEHASH_POLICY_URL: z.url({ protocol: /^https?$/, error: 'expected an http or https address' }).optional(),
  /** Bytes of one image; the most that anybody with a key can make us store at a time. */
  FACEHASH_MAX_IMAGE_BYTES: z.coerce
    .number('expected a number of bytes')
    .int()
    .min(1024)
    .default(IMAGE_LIMITS.maxBytes),
  /** Photos of one training; fewer than the documented 200 only where storage is scarce. */
  FACEHASH_MAX_PHOTOS: z.coerce
    .number('expected a number of photos')
    .int()
    .min(1)
    .max(IMAGE_LIMITS.maxPhotosPerTraining)
    .default(IMAGE_LIMITS.maxPhotosPerTraining),
  /** Bytes of a model file that is imported, the state of its optimiser included. */
  FACEHASH_MAX_MODEL_BYTES: numberFrom(1024, 'bytes').default(64 * 1024 * 1024),
  /** Requests of one key within a minute, unless the key has a limit of its own; 0 = any number. */
  FACEHASH_REQUESTS_PER_MINUTE: numberFrom(0, 'requests').default(6000),
  /** Requests without valid credentials from one address within a minute; 0 = any number. */
  FACEHASH_FAILURES_PER_MINUTE: numberFrom(0, 'requests').default(120),
  /** Jobs of one key that have not ended, unless the key has a limit of its own; 0 = any number. */
  FACEHASH_OPEN_JOBS: numberFrom(0, 'jobs').default(10_000),
  /** How long a job may have to wait in its queue; where it would be longer, 503. 0 = for ever. */
  FACEHASH_MAX_QUEUE_SECONDS: numberFrom(0, 'seconds').default(600),
  /** Whether webhooks may go to loopback and private addresses, and by plain http: for receivers inside your own network. */
  FACEHASH_WEBHOOK_ALLOW_PRIVATE: z.enum(['true', 'false']).default('false'),
  /** Proxies in front of the gateway, whose X-Forwarded-For tells a caller's address; 0 = none, and the header counts for nothing. */
  FACEHASH_TRUSTED_PROXIES: numberFrom(0, 'proxies').default(0),
  /** How long to go on accepting after SIGTERM, while /readyz fails: until every load balancer in front has noticed. */
  FACEHASH_DRAIN_SECONDS: z.coerce.number('expected seconds').min(0).max(600).default(0),
  /** How long requests may go on after that. Kubernetes kills after 30 s, so both together a little less. */
  FACEHASH_SHUTDOWN_SECONDS: z.coerce.number('expected seconds').min(0).max(600).default(25),
});

export interface GatewayLimits {
  readonly maxImageBytes: number;
  readonly maxPhotos: number;
  readonly maxModelBytes: number;
  /** These four: 0 = no limit. */
  readonly requestsPerMinute: number;
  readonly failuresPerMinute: number;
  readonly openJobs: number;
  readonly queueWaitMs: number;
}

export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  readonly redisUrl: string;
  readonly storageUrl: string;
  /** SHA-256 of the token the operator chose; the token itself is needed nowhere. */
  readonly adminTokenHash: string | undefined;
  readonly logLevel: string;
  /** undefined = metrics are not served. */
  readonly metrics: MetricsAddress | undefined;
  readonly limits: GatewayLimits;
  readonly webhooks: { readonly allowPrivate: boolean };
  readonly trustedProxies: number;
  /** Of keys that say nothing else. */
  readonly retention: Retention;
  readonly policyUrl: string | undefined;
  readonly drainMs: number;
  readonly shutdownMs: number;
  /** For Redis and the storage, each. */
  readonly startWaitMs: number;
}

const readText = (path: string): string => readFileSync(path, 'utf8');

/** @throws Error with a line per setting that is wrong */
export function readConfig(env: NodeJS.ProcessEnv = process.env): GatewayConfig {
  const values = parseSettings(configSchema, withSecretFiles(env, readText));
  return {
    host: values.FACEHASH_HOST,
    port: values.FACEHASH_PORT,
    redisUrl: values.FACEHASH_REDIS_URL,
    storageUrl: values.FACEHASH_STORAGE_URL,
    adminTokenHash:
      values.FACEHASH_ADMIN_TOKEN === undefined ? undefined : hashSecret(values.FACEHASH_ADMIN_TOKEN),
    logLevel: values.FACEHASH_LOG_LEVEL,
    metrics: metricsAddress(values),
    limits: {
      maxImageBytes: values.FACEHASH_MAX_IMAGE_BYTES,
      maxPhotos: values.FACEHASH_MAX_PHOTOS,
      maxModelBytes: values.FACEHASH_MAX_MODEL_BYTES,
      requestsPerMinute: values.FACEHASH_REQUESTS_PER_MINUTE,
      failuresPerMinute: values.FACEHASH_FAILURES_PER_MINUTE,
      openJobs: values.FACEHASH_OPEN_JOBS,
      queueWaitMs: values.FACEHASH_MAX_QUEUE_SECONDS * 1000,
    },
    webhooks: { allowPrivate: values.FACEHASH_WEBHOOK_ALLOW_PRIVATE === 'true' },
    trustedProxies: values.FACEHASH_TRUSTED_PROXIES,
    retention: retentionSettings(values),
    policyUrl: values.FACEHASH_POLICY_URL,
    drainMs: values.FACEHASH_DRAIN_SECONDS * 1000,
    shutdownMs: values.FACEHASH_SHUTDOWN_SECONDS * 1000,
    startWaitMs: values.FACEHASH_START_WAIT_SECONDS * 1000,
  };
}
