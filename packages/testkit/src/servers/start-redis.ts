import { startRedisServer } from './start-redis-server.js';

export interface RedisForTests {
  /** `redis://127.0.0.1:port` */
  readonly url: string;
  /** For tests that kill the server. */
  readonly process: { readonly pid: number };
  readonly stop: () => Promise<void>;
}

/** An empty Redis on a free port, nothing persisted, gone with this process at the latest. */
export async function startRedis(): Promise<RedisForTests> {
  const server = await startRedisServer();
  return { url: `redis://127.0.0.1:${server.port}`, process: { pid: server.pid }, stop: server.stop };
}
