import { askRedisUntil } from './ask-redis.js';
import { startRedisServer } from './start-redis-server.js';
import type { RunningServer } from './start-server.js';

export interface RedisSentinelForTests {
  /** `redis+sentinel://127.0.0.1:port,…/facehash` */
  readonly url: string;
  /** The server that takes the writes at first, for tests that kill it. */
  readonly master: RunningServer;
  readonly stop: () => Promise<void>;
}

const NAME = 'facehash';
const SENTINELS = 3;
const QUORUM = 2;
/** Sentinel's default is 30 s, for networks. */
const DOWN_AFTER_MS = 1_000;

/** A master, its replica and three Sentinels that watch them, on free ports of 127.0.0.1. */
export async function startRedisSentinel(): Promise<RedisSentinelForTests> {
  const servers: RunningServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  const start = async (...recipe: Parameters<typeof startRedisServer>): Promise<RunningServer> => {
    const server = await startRedisServer(...recipe);
    servers.push(server);
    return server;
  };
  try {
    const master = await start(['--repl-diskless-sync-delay', '0']);
    const replica = await start(['--replicaof', '127.0.0.1', String(master.port)]);
    // Sentinels ask a master for its replicas every 10 s: this one should be there when they first do.
    await askRedisUntil(replica.port, 'INFO replication', /master_link_status:up/);
    const configuration = [
      `sentinel monitor ${NAME} 127.0.0.1 ${master.port} ${QUORUM}`,
      `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
      `sentinel failover-timeout ${NAME} 10000`,
      '',
    ].join('\n');
    const sentinels = await Promise.all(
      Array.from({ length: SENTINELS }, () => start(['--sentinel'], configuration)),
    );
    const found = new RegExp(`status=ok,address=[^,]*,slaves=1,sentinels=${SENTINELS}\\b`);
    await Promise.all(sentinels.map(({ port }) => askRedisUntil(port, 'INFO sentinel', found)));
    const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
    return { url: `redis+sentinel://${hosts}/${NAME}`, master, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
