import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { ProcessOptions } from './start-process.js';

/**
 * A redis-server of our own: jobs in flight survive a restart (append-only file), and nothing is thrown away to save
 * memory (noeviction, as BullMQ demands). It listens on loopback with a password, because every user of the machine
 * can reach loopback.
 */
export async function redisServer(
  dir: string,
  port: number,
): Promise<{ url: string; run: Pick<ProcessOptions, 'command' | 'args' | 'input' | 'ready'> }> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const password = randomBytes(24).toString('hex');
  const settings = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(dir)}`,
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
      ready: { text: 'Ready to accept connections' },
    },
  };
}
