import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';

export interface ServerRecipe {
  readonly name: string;
  readonly executable: string;
  readonly args: (at: { port: number; dataDir: string }) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Puts into the empty data folder what the server should find there. */
  readonly prepare?: (dataDir: string) => Promise<void>;
  /** Resolves true once the server on this port answers requests; false or a rejection means "not yet". */
  readonly answers: (port: number) => Promise<boolean>;
}

export interface RunningServer {
  readonly port: number;
  readonly pid: number;
  /** Ends the server and removes its data. Idempotent. */
  readonly stop: () => Promise<void>;
}

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 5_000;
const ATTEMPTS = 3;

/** Starts a server on a free port of 127.0.0.1 and waits until it answers. */
export async function startServer(recipe: ServerRecipe): Promise<RunningServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(recipe);
    } catch (error) {
      // A test beside this one may have taken the port between our probe and the server's bind.
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function startOnce(recipe: ServerRecipe): Promise<RunningServer> {
  const dataDir = await mkdtemp(join(tmpdir(), `facehash-${recipe.name}-`));
  await recipe.prepare?.(dataDir);
  const port = await freePort();
  const [command, ...args] = dyingWithParent([recipe.executable, ...recipe.args({ port, dataDir })]);
  const child = spawn(command, args, {
    env: { ...process.env, ...recipe.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keepTail = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-2000));
  child.stdout.on('data', keepTail);
  child.stderr.on('data', keepTail);
  child.once('error', (error) => (output += error.message));

  const exited = once(child, 'close').catch(() => undefined);
  const running = (): boolean =>
    child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    if (running()) await exited;
    clearTimeout(impatience);
    await rm(dataDir, { recursive: true, force: true });
  };

  const deadline = Date.now() + START_TIMEOUT_MS;
  while (running() && Date.now() < deadline) {
    if (await recipe.answers(port).catch(() => false)) {
      return { port, pid: child.pid!, stop };
    }
    await sleep(25);
  }
  const end = running() ? `did not answer within ${START_TIMEOUT_MS} ms` : 'ended before it answered';
  await stop();
  throw new Error(`${recipe.name} on port ${port} ${end}. Its last output:\n${output}`);
}

/**
 * The kernel ends the server when this process dies, however it dies: exit handlers do not run on SIGKILL, nor
 * under Jest. setpriv belongs to util-linux, which every Debian has.
 */
function dyingWithParent(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL', '--', ...command] : command;
}
