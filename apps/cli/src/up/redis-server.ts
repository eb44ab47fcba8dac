import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessOptions } from './start-process.js';

/**
 * A redis-server of our own: jobs in flight survive a restart (append-only file), and nothing is thrown away to save
 * memory (noeviction, as BullMQ demands). It listens on loopback with a password, because every user of the machine
 * can reach loopback. It logs into a file: what it says at every start concerns nobody.
 */
export async function redisServer(
  dir: string,
  port: number,
): Promise<{ url: string; run: Omit<ProcessOptions, 'name' | 'env' | 'print'> }> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const password = randomBytes(24).toString('hex');
  const logFile = join(dir, 'redis.log');
  const settings = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(dir)}`,
    `logfile ${JSON.stringify(logFile)}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
  ];
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    run: {
      command: 'redis-server',
      args: ['-'], // settings from standard input: everybody can read a process' arguments
      input: `${settings.join('\n')}\n`,
      ready: { port },
      logFile,
    },
  };
}
