import {
  hashSecret,
  IMAGE_LIMITS,
  metricsAddress,
  parseSettings,
  SHARED_SETTINGS,
  type MetricsAddress,
} from '@facehash/contracts';
import { z } from 'zod';

const configSchema = z.object({
  FACEHASH_PORT: z.coerce.number('expected a port from 0 to 65535').int().min(0).max(65535).default(8080),
  /** Only this machine by default: the gateway speaks plain HTTP, so a proxy with TLS belongs in front of any other address. */
  FACEHASH_HOST: z.string().min(1).default('127.0.0.1'),
  /** The queue between gateway and workers. */
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
  /** How long requests may go on after SIGTERM. Kubernetes kills after 30 s, so a little less. */
  FACEHASH_SHUTDOWN_SECONDS: z.coerce.number('expected seconds').min(0).max(600).default(25),
});

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
  readonly limits: { readonly maxImageBytes: number; readonly maxPhotos: number };
  readonly shutdownMs: number;
}

/** @throws Error with a line per setting that is wrong */
export function readConfig(env: NodeJS.ProcessEnv = process.env): GatewayConfig {
  const values = parseSettings(configSchema, env);
  return {
    host: values.FACEHASH_HOST,
    port: values.FACEHASH_PORT,
    redisUrl: values.FACEHASH_REDIS_URL,
    storageUrl: values.FACEHASH_STORAGE_URL,
    adminTokenHash:
      values.FACEHASH_ADMIN_TOKEN === undefined ? undefined : hashSecret(values.FACEHASH_ADMIN_TOKEN),
    logLevel: values.FACEHASH_LOG_LEVEL,
    metrics: metricsAddress(values),
    limits: { maxImageBytes: values.FACEHASH_MAX_IMAGE_BYTES, maxPhotos: values.FACEHASH_MAX_PHOTOS },
    shutdownMs: values.FACEHASH_SHUTDOWN_SECONDS * 1000,
  };
}
