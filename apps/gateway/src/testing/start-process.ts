import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface GatewayProcess {
  readonly pid: number;
  /** The address it listens on, from its log. Rejects when it ends first. */
  readonly listening: Promise<string>;
  /** What it has written to stdout until now. */
  readonly output: () => string;
  readonly ended: Promise<{ code: number | null; stderr: string }>;
  kill(signal: NodeJS.Signals): void;
}

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));

/** The gateway as a process of its own, from its sources, with `settings` as its environment. */
export function startGatewayProcess(settings: Readonly<Record<string, string>>): GatewayProcess {
  const args = ['--import', 'tsx', '--conditions', 'source', 'apps/gateway/src/main.ts'];
  const child = spawn(process.execPath, args, {
    cwd: REPOSITORY,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', FACEHASH_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, stderr }));
  const listening = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const url = /"url":"([^"]+)"[^\n]*"msg":"listening"/.exec(stdout)?.[1];
      if (url !== undefined) resolve(url);
    });
    void ended.then(() => {
      reject(new Error(`the gateway ended: ${stderr}`));
    });
  });
  // Tests of a start that fails never look at it.
  listening.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    listening,
    output: () => stdout,
    ended,
    kill: (signal) => void child.kill(signal),
  };
}
