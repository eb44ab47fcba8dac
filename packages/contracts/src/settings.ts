import { z } from 'zod';

/** Settings that every process takes from its environment, with the same meaning. */
export const SHARED_SETTINGS = {
  FACEHASH_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Metrics for Prometheus, on a port of their own; not served unless set. */
  FACEHASH_METRICS_PORT: z.coerce
    .number('expected a port from 0 to 65535')
    .int()
    .min(0)
    .max(65535)
    .optional(),
  /**
   * How long a process waits at its start for Redis, and then for an S3 server; then it ends with a line that says what
   * is missing. Short, as whoever starts it by hand wants to know; containers that start beside each other need more.
   */
  FACEHASH_START_WAIT_SECONDS: z.coerce.number('expected seconds').min(0).max(600).default(5),
  /** Only this machine by default: metrics have no key, so who reaches the port reads them. */
  FACEHASH_METRICS_HOST: z.string().min(1).default('127.0.0.1'),
};

type SharedSettings = z.infer<z.ZodObject<typeof SHARED_SETTINGS>>;

export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

/** Where to serve metrics; undefined = nowhere. */
export function metricsAddress(settings: SharedSettings): MetricsAddress | undefined {
  const { FACEHASH_METRICS_HOST: host, FACEHASH_METRICS_PORT: port } = settings;
  return port === undefined ? undefined : { host, port };
}

/** @throws Error with a line per setting that is wrong */
export function parseSettings<T>(schema: z.ZodType<T>, environment: unknown): T {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
}
