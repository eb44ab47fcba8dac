import { connect } from 'node:net';
import { findExecutable } from './find-executable.js';
import { startServer } from './start-server.js';

export interface RedisForTests {
  /** `redis://127.0.0.1:port` */
  readonly url: string;
  /** For tests that kill the server. */
  readonly process: { readonly pid: number };
  readonly stop: () => Promise<void>;
}

/** An empty Redis on a free port, nothing persisted, gone with this process at the latest. */
export async function startRedis(): Promise<RedisForTests> {
  const executable = await findExecutable('redis-server');
  if (executable === undefined) {
    throw new Error('The tests need redis-server, which is not on the PATH: npm run setup installs it.');
  }
  const server = await startServer({
    name: 'redis',
    executable,
    args: ({ port, dataDir }) => [
      ...['--bind', '127.0.0.1', '--port', String(port), '--dir', dataDir],
      ...['--save', '', '--appendonly', 'no'],
      // BullMQ warns about every other policy: an evicted key is a lost job.
      ...['--maxmemory-policy', 'noeviction'],
    ],
    answers: pings,
  });
  return { url: `redis://127.0.0.1:${server.port}`, process: { pid: server.pid }, stop: server.stop };
}

function pings(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(1000, () => socket.destroy(new Error('no answer within a second')));
    socket.once('error', reject);
    socket.once('data', (reply) => {
      socket.destroy();
      resolve(reply.toString().startsWith('+PONG'));
    });
    socket.once('close', () => {
      resolve(false);
    });
  });
}
