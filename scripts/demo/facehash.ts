import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Job, RecognizeResult } from '@facehash/contracts';

const PROGRAM = 'apps/cli/bin/facehash.mjs';

/** A photo and what the server said about it. */
export interface Answer extends RecognizeResult {
  readonly photo: string;
}

/** Runs a command of the command line tool to its end. Its progress is shown; what it prints is returned. */
export async function facehash(...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`facehash ${args[0] ?? ''} ended with exit code ${code ?? 'none'}`);
  return printed;
}

/** @param args photos and options */
export async function recognize(photos: readonly string[], ...args: readonly string[]): Promise<Answer[]> {
  const lines = (await facehash('recognize', ...photos, '--json', ...args)).trim().split('\n');
  return lines.map((line) => {
    const { file, result } = JSON.parse(line) as Job & { file: string };
    return { ...(result as RecognizeResult), photo: file };
  });
}

export interface Server {
  readonly url: string;
  readonly stop: () => Promise<void>;
  readonly ended: Promise<unknown>;
}

/** `facehash up`, its lines in a log file. Resolves when it answers. */
export async function startUp(args: readonly string[], logFile: string): Promise<Server> {
  const child = spawn(process.execPath, [PROGRAM, 'up', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const ended = once(child, 'exit');
  const answering = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /answers at (\S+?);/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  const url = await Promise.race([answering, ended]);
  if (typeof url !== 'string')
    throw new Error(`The server did not start; the last lines of ${logFile} say why.`);
  return {
    url,
    ended,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
