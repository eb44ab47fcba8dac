import { askRedis, askRedisUntil } from './ask-redis.js';
import { freePort } from './free-port.js';
import { startRedisServer } from './start-redis-server.js';
import type { RunningServer } from './start-server.js';

export interface RedisClusterForTests {
  /** `redis+cluster://127.0.0.1:port,…`, all servers that began as masters. */
  readonly url: string;
  /** For tests that kill the server which holds these names. */
  readonly holderOf: (key: string) => Promise<RunningServer>;
  readonly stop: () => Promise<void>;
}

const SLOTS = 16_384;
const MASTERS = 3;
/** Redis' default of 15 s, until a server counts as dead, is for networks. */
const NODE_TIMEOUT_MS = 1_000;

/**
 * An empty cluster of three masters, and as many replicas if wanted, on free ports of 127.0.0.1. Redis' own default needs
 * a majority of masters for a failover, so at most one of them may be killed.
 */
export async function startRedisCluster({ replicas = false } = {}): Promise<RedisClusterForTests> {
  const servers: Member[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    const wanted = replicas ? 2 * MASTERS : MASTERS;
    servers.push(...(await Promise.all(Array.from({ length: wanted }, startMember))));
    const masters = servers.slice(0, MASTERS);
    await assemble(masters, servers.slice(MASTERS));
    return {
      url: `redis+cluster://${masters.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
      async holderOf(key) {
        const slot = Number(/\d+/.exec(await askRedis(masters[0]!.port, `CLUSTER KEYSLOT ${key}`))?.[0]);
        return masters[Math.floor((slot * MASTERS) / SLOTS)]!;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Member extends RunningServer {
  /** Of the servers' talk with each other; by default port + 10000, which may not exist. */
  readonly busPort: number;
}

async function startMember(): Promise<Member> {
  const busPort = await freePort();
  const server = await startRedisServer([
    ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort)],
    ...['--cluster-node-timeout', String(NODE_TIMEOUT_MS), '--repl-diskless-sync-delay', '0'],
  ]);
  return { ...server, busPort };
}

async function assemble(masters: readonly Member[], replicas: readonly Member[]): Promise<void> {
  const all = [...masters, ...replicas];
  await Promise.all(
    masters.map(({ port }, at) => {
      const [from, next] = [at, at + 1].map((i) => Math.ceil((i * SLOTS) / MASTERS));
      return expectOk(port, `CLUSTER ADDSLOTSRANGE ${from} ${next! - 1}`);
    }),
  );
  for (const { port, busPort } of all.slice(1)) {
    await expectOk(all[0]!.port, `CLUSTER MEET 127.0.0.1 ${port} ${busPort}`);
  }
  const known = new RegExp(`cluster_state:ok[^]*cluster_known_nodes:${all.length}\\r`);
  await Promise.all(all.map(({ port }) => askRedisUntil(port, 'CLUSTER INFO', known)));
  await Promise.all(
    replicas.map(async ({ port }, at) => {
      const id = /[0-9a-f]{40}/.exec(await askRedis(masters[at]!.port, 'CLUSTER MYID'))?.[0];
      await expectOk(port, `CLUSTER REPLICATE ${id}`);
      await askRedisUntil(port, 'INFO replication', /master_link_status:up/);
    }),
  );
}

async function expectOk(port: number, command: string): Promise<void> {
  const reply = await askRedis(port, command);
  if (!reply.startsWith('+OK')) throw new Error(`The Redis on port ${port} answers ${command} by ${reply}`);
}
