import { AppError } from '@facehash/contracts';
import { Cluster, Redis as Server, type RedisOptions } from 'ioredis';
import type { JobLogger } from './logger.js';
import { parseRedisUrl, type RedisPlace } from './redis-url.js';

/** A connection to one server, to the one that Sentinels name, or to a cluster: all of them take the same commands. */
export type Redis = Server | Cluster;

/**
 * The two ways to meet an outage. Both reconnect for ever, so neither process has to be restarted.
 * - gateway: somebody waits for an HTTP answer, so a command fails at once and becomes a 503.
 * - worker: nobody waits, so a command waits for Redis; BullMQ demands `null` here.
 * ioredis' `keyPrefix` is never set: BullMQ refuses it, our keys carry a prefix of their own.
 */
const BY_ROLE = {
  // commandTimeout: a peer that swallows packets would otherwise hold requests until TCP gives up, 15 minutes.
  gateway: { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 5_000 },
  worker: { enableOfflineQueue: true, maxRetriesPerRequest: null },
} as const satisfies Record<string, RedisOptions>;

type Role = keyof typeof BY_ROLE;

/** Also a cluster's: how often a command is sent on before it fails, 50 to 100 ms apart; a failover takes many seconds. */
const REDIRECTIONS = { gateway: 8, worker: Number.POSITIVE_INFINITY } as const satisfies Record<Role, number>;

const CONNECT_TIMEOUT_MS = 5_000;

/** At most a second between tries: an outage should end for us when it ends. */
const retryAfterMs = (times: number): number => Math.min(100 * times, 1_000);

/**
 * Opens the connection in the background; `requireRedis` waits for it. The caller closes it by `quit()`.
 * @throws Error for a URL that `parseRedisUrl` refuses
 */
export function connectRedis(url: string, role: Role, logger?: JobLogger): Redis {
  const place = parseRedisUrl(url);
  const redis = place.kind === 'cluster' ? openCluster(place, role) : openServer(place, role);
  let state: 'starting' | 'there' | 'away' = 'starting';
  // Without a listener ioredis prints every failed reconnection; one line per outage is enough, and `requireRedis` has the first.
  redis.on('error', (error: Error) => {
    if (state !== 'there') return;
    logger?.warn({ err: error }, 'Redis is not reachable; reconnecting');
    state = 'away';
  });
  redis.on('ready', () => {
    if (state === 'away') logger?.info({}, 'Redis is reachable again');
    state = 'there';
  });
  return redis;
}

/** What every connection to a server has, whoever told its address. */
function optionsOf({ username, password, tls }: RedisPlace, role: Role) {
  return {
    ...BY_ROLE[role],
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: {} }),
  };
}

function openServer(place: RedisPlace, role: Role): Server {
  const options = {
    ...optionsOf(place, role),
    db: place.db,
    retryStrategy: retryAfterMs,
    // A server that has become a replica, or has lost its own: another one takes the writes, or will soon. 2 = and send
    // the command again, which did nothing. Anywhere in the text: before Redis 7 a script's error begins otherwise.
    reconnectOnError: (error: Error) => (/READONLY|NOREPLICAS/.test(error.message) ? 2 : false),
  } satisfies RedisOptions;
  if (place.kind === 'single') return new Server({ ...options, ...place.hosts[0] });
  const { sentinelUsername, sentinelPassword } = place;
  return new Server({
    ...options,
    sentinels: [...place.hosts],
    name: place.master,
    sentinelRetryStrategy: retryAfterMs,
    ...(sentinelUsername !== undefined && { sentinelUsername }),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    ...(place.tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
  });
}

function openCluster(place: RedisPlace, role: Role): Cluster {
  return new Cluster([...place.hosts], {
    redisOptions: optionsOf(place, role),
    enableOfflineQueue: BY_ROLE[role].enableOfflineQueue,
    maxRedirections: REDIRECTIONS[role],
    // Two servers that each think the other has the keys would be asked in turn without a pause.
    retryDelayOnMoved: 50,
    clusterRetryStrategy: retryAfterMs,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    // ioredis would look names up first and then miss them in the server's certificate.
    dnsLookup: (host, found) => {
      found(null, host);
    },
  });
}

/** Connections to the servers that hold data: several in a cluster. For what is asked of a server, not of a key. */
export const serversOf = (redis: Redis): Server[] =>
  redis instanceof Cluster ? redis.nodes('master') : [redis];

/**
 * For start-up: resolves once Redis answers, and warns when it may throw jobs away.
 * @throws AppError UNAVAILABLE, one line that says where Redis was expected and what to do
 */
export async function requireRedis(redis: Redis, logger: JobLogger, timeoutMs = 5_000): Promise<void> {
  await untilReady(redis, timeoutMs);
  const infos = await Promise.all(serversOf(redis).map((server) => server.info('memory')));
  const policies = infos.map((info) => /^maxmemory_policy:(\S+)/m.exec(info)?.[1]);
  const policy = policies.find((found) => found !== undefined && found !== 'noeviction');
  if (policy !== undefined) {
    logger.warn(
      { policy },
      `Redis may evict jobs when its memory is full: set maxmemory-policy noeviction (it is ${policy})`,
    );
  }
}

async function untilReady(redis: Redis, timeoutMs: number): Promise<void> {
  if (redis.status === 'ready') return;
  let last = 'no answer';
  const asked = new Set<string>();
  const remember = (error: Error & { code?: string }): void => {
    last = error.code ?? error.message;
  };
  const rememberNode = (error: Error, address: string): void => {
    asked.add(address);
    remember(error);
  };
  // A cluster's own error says only that no server would do; why, each of them says.
  if (redis instanceof Cluster) redis.on('node error', rememberNode);
  else redis.on('error', remember);
  const ready = await new Promise<boolean>((resolve) => {
    const onReady = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(() => {
      redis.off('ready', onReady);
      resolve(false);
    }, timeoutMs);
    redis.once('ready', onReady);
  });
  redis.off('error', remember).off('node error', rememberNode);
  if (ready) return;
  const where = redis instanceof Cluster ? [...asked].join(',') : addressOf(redis);
  throw new AppError(
    'UNAVAILABLE',
    `Redis was expected at ${where} but did not answer within ${timeoutMs / 1000} s (${last}): ` +
      'start redis-server there, or correct FACEHASH_REDIS_URL.',
  );
}

function addressOf({ options: { sentinels, name, host, port } }: Server): string {
  if (!sentinels?.length) return `${host ?? 'localhost'}:${port ?? 6379}`;
  return `${name} of the Sentinels ${sentinels.map((at) => `${at.host}:${at.port}`).join(',')}`;
}
