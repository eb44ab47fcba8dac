/**
 * Every process needs a port of its own for its metrics: the gateway has the one that is set, the Nth worker the Nth
 * after it. Nothing where none is set; what is no port is left for the process to refuse.
 */
export function metricsPort(environment: Readonly<NodeJS.ProcessEnv>, worker: number): NodeJS.ProcessEnv {
  const port = Number(environment.FACEHASH_METRICS_PORT);
  // 0 = any free port, which differs by itself.
  return Number.isInteger(port) && port > 0 ? { FACEHASH_METRICS_PORT: String(port + worker) } : {};
}
