import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { readableLine } from './readable-line.js';
import { endProcess, identifyProcess, type ProcessIdentity } from './process-identity.js';

export interface ProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Written to its standard input, where a secret is seen by nobody else. */
  readonly input?: string;
  /** Its first sign that it does its work: a line of its output that holds this, or this message to its parent. */
  readonly readySign?: string;
  readonly print: (line: string) => void;
}

export interface StartedProcess {
  readonly identity: ProcessIdentity;
  /** Resolves at the ready sign, or at once where there is none. */
  readonly ready: Promise<void>;
  /** How it ended, as words. */
  readonly exited: Promise<string>;
  stop(graceMs: number): Promise<void>;
}

/** @throws Error when the program cannot be started, e.g. because it is not installed */
export async function startProcess(options: ProcessOptions): Promise<StartedProcess> {
  const { name, command, args, env, input = '', readySign, print } = options;
  // In a session of its own: Ctrl-C in the terminal must reach `up` alone, which then ends its children in order.
  const child = spawn(command, args, { env, detached: true, stdio: ['pipe', 'pipe', 'pipe', 'ipc'] });
  await once(child, 'spawn');
  const exited = once(child, 'exit').then(([code, signal]) =>
    signal === null ? `exit code ${String(code)}` : String(signal),
  );
  const ready = new Promise<void>((resolve) => {
    if (readySign === undefined) resolve();
    const look = (text: unknown) => {
      if (String(text).includes(readySign ?? '')) resolve();
    };
    child.on('message', look);
    for (const output of [child.stdout!, child.stderr!]) {
      createInterface({ input: output }).on('line', (line) => {
        print(`${name.padEnd(9)} ${readableLine(line)}`);
        look(line);
      });
    }
  });
  child.stdin!.on('error', () => undefined); // it ended before it read; its exit tells
  child.stdin!.end(input);
  const identity = (await identifyProcess(name, child.pid!)) ?? { name, pid: child.pid!, started: 'ended' };
  return {
    identity,
    ready,
    exited,
    stop: async (graceMs) => {
      await endProcess(identity, graceMs);
      await exited;
    },
  };
}
