import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askRedis } from './ask-redis.js';
import { findExecutable } from './find-executable.js';
import { startServer, type RunningServer, type ServerRecipe } from './start-server.js';

/** One redis-server process on a free port, which may be a part of a deployment; nothing is persisted. */
export async function startRedisServer(
  options: readonly string[] = [],
  /** For a server that keeps its state in a file which must be there, as a Sentinel does: instead of all other options. */
  configuration?: string,
): Promise<RunningServer> {
  const executable = await findExecutable('redis-server');
  if (executable === undefined) {
    throw new Error('The tests need redis-server, which is not on the PATH: npm run setup installs it.');
  }
  const address: ServerRecipe['args'] = ({ port, dataDir }) => [
    ...['--bind', '127.0.0.1', '--port', String(port), '--dir', dataDir],
  ];
  return startServer({
    name: 'redis',
    executable,
    ...(configuration === undefined
      ? { args: (at) => [...address(at), ...IN_MEMORY, ...options] }
      : {
          args: (at) => [join(at.dataDir, CONFIGURATION), ...address(at), ...options],
          prepare: (dataDir) => writeFile(join(dataDir, CONFIGURATION), configuration),
        }),
    answers: async (port) => (await askRedis(port, 'PING')).startsWith('+PONG'),
  });
}

const CONFIGURATION = 'redis.conf';

const IN_MEMORY = [
  ...['--save', '', '--appendonly', 'no'],
  // BullMQ warns about every other policy: an evicted key is a lost job.
  ...['--maxmemory-policy', 'noeviction'],
];
