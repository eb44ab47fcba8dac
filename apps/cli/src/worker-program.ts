import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appCommand } from './up/app-command.js';
import { WORKER_SETTINGS } from './up/worker-settings.js';

/**
 * Runs one of the worker's other programs before this terminal: vision code is native and stays out of this process.
 * @returns its exit code; 1 when a signal or a native crash ended it
 */
export async function runWorkerProgram(
  entry: 'evaluate' | 'features',
  args: readonly string[],
  environment: Readonly<NodeJS.ProcessEnv>,
): Promise<number> {
  const program = appCommand('worker', entry);
  const child = spawn(program.command, [...program.args, ...args], {
    env: { ...environment, ...WORKER_SETTINGS },
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
