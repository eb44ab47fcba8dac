import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { readableLine } from './readable-line.js';
import { identifyProcess, type ProcessIdentity } from './process-identity.js';

export interface ProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Written to its standard input, where a secret is seen by nobody else. */
  readonly input?: string;
  /** The first sign that it does its work: a text in its output or in a message to its parent, a 200, an open port. */
  readonly ready: { readonly text: string } | { readonly url: string } | { readonly port: number };
  /** Where it writes its lines, if not to its output. */
  readonly logFile?: string;
  readonly print: (line: string) => void;
}

export interface StartedProcess {
  readonly identity: ProcessIdentity;
  readonly ready: Promise<void>;
  /** How it ended, as words. */
  readonly exited: Promise<string>;
  /** Asks it to end, kills it after `graceMs`, and waits until it is gone. */
  stop(graceMs: number): Promise<void>;
}

/** @throws Error when the program cannot be started, e.g. because it is not installed */
export async function startProcess(options: ProcessOptions): Promise<StartedProcess> {
  const { name, command, args, env, input = '', print } = options;
  // In a session of its own: Ctrl-C in the terminal must reach `up` alone, which then ends its children in order.
  const child = spawn(command, args, { env, detached: true, stdio: ['pipe', 'pipe', 'pipe', 'ipc'] });
  await once(child, 'spawn');
  const exited = once(child, 'exit').then(([code, signal]) =>
    signal === null ? `exit code ${String(code)}` : String(signal),
  );
  child.stdout!.resume();
  // Where there is a log file, only what could not be written there is worth a line here.
  for (const output of options.logFile === undefined ? [child.stdout!, child.stderr!] : [child.stderr!]) {
    createInterface({ input: output }).on('line', (line) => {
      print(`${name.padEnd(NAME_WIDTH)} ${readableLine(line)}`);
    });
  }
  const ready = readiness(options.ready, child);
  child.stdin!.on('error', () => undefined); // it ended before it read; its exit tells
  child.stdin!.end(input);
  const identity = (await identifyProcess(name, child.pid!)) ?? { name, pid: child.pid!, started: '' };
  return {
    identity,
    ready,
    exited,
    async stop(graceMs) {
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(kill);
    },
  };
}

const NAME_WIDTH = 'worker 10'.length;

function readiness(sign: ProcessOptions['ready'], child: ChildProcess): Promise<void> {
  if ('text' in sign) return says(sign.text, child);
  return until(child, 'url' in sign ? () => answers(sign.url) : () => listens(sign.port));
}

function says(text: string, child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const look = (said: unknown) => {
      if (String(said).includes(text)) resolve();
    };
    child.on('message', look);
    createInterface({ input: child.stdout! }).on('line', look);
  });
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(url).catch(() => undefined))?.ok === true;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isOpen = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}

const POLL_MS = 100;

async function until(child: ChildProcess, isReady: () => Promise<boolean>): Promise<void> {
  while (!(await isReady())) {
    // It never will be; whoever waits also looks at `exited`.
    if (child.exitCode !== null || child.signalCode !== null) return new Promise(() => undefined);
    await sleep(POLL_MS);
  }
}
