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
