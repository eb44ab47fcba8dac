import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Servers find each other within seconds; a busy machine may take some more. */
const PATIENCE_MS = 20_000;

/** Sends one command, words apart by spaces, and gives the reply as Redis wrote it, up to the end of its first packet. */
export function askRedis(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.setTimeout(1000, () => socket.destroy(new Error('no answer within a second')));
    socket.once('error', reject);
    socket.once('data', (reply) => {
      socket.destroy();
      resolve(reply.toString());
    });
    socket.once('close', () => {
      resolve('');
    });
  });
}

/** Asks again and again until the reply is as expected. */
export async function askRedisUntil(port: number, command: string, expected: RegExp): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  let reply = '';
  while (Date.now() < deadline) {
    reply = await askRedis(port, command).catch(String);
    if (expected.test(reply)) return;
    await sleep(50);
  }
  throw new Error(
    `The Redis on port ${port} answers ${command} by ${reply}, where ${String(expected)} was expected.`,
  );
}

/**
 * Waits until the one replica of a master has said that it has all that was written before. That it is in touch does not mean so:
 * until it first says what it has, up to a second later, a master holds everything back, and takes that along when it dies.
 */
export async function replicated(masterPort: number): Promise<void> {
  const told = async () => {
    const info = await askRedis(masterPort, 'INFO replication');
    const number = (at: RegExp): number => Number(at.exec(info)?.[1] ?? -1);
    return { written: number(/^master_repl_offset:(\d+)/m), copied: number(/^slave0:.*offset=(\d+)/m) };
  };
  const { written } = await told();
  const deadline = Date.now() + PATIENCE_MS;
  while ((await told()).copied < written) {
    if (Date.now() > deadline)
      throw new Error(`The Redis on port ${masterPort} has no replica that keeps up.`);
    await sleep(20);
  }
}
