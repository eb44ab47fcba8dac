/** What the set-up scripts know of the machine: folders, programs, and how to run one. Plain Node, no dependency: it runs before anything is installed. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const repo = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const cacheDir = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'facehash');

export class SetupError extends Error {}

/** Runs a program to its end. Its output is shown, or goes to `log` and its last lines are shown if it fails. */
export function run(program, args, { cwd = repo, env = {}, log } = {}) {
  if (log) mkdirSync(path.dirname(log), { recursive: true });
  const sink = log ? openSync(log, 'w') : 'inherit';
  const { status, error } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', sink, sink],
  });
  if (typeof sink === 'number') closeSync(sink);
  if (status === 0) return;
  const tail = log
    ? `\n${readFileSync(log, 'utf8').split('\n').slice(-25).join('\n')}\n(all of it: ${log})`
    : '';
  throw new SetupError(
    `${program} ${args.join(' ')} failed${error ? `: ${error.message}` : ` with exit code ${status}`}${tail}`,
  );
}

/** The trimmed standard output of a program, or '' if it is missing or fails. */
export function output(program, args, { cwd = repo, env = {} } = {}) {
  const { status, stdout } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout.trim() : '';
}

export function has(program) {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => existsSync(path.join(folder, program)));
}

/** The folder that holds include/node with the running Node's headers; undefined lets node-gyp look for itself. */
export function nodeRoot() {
  const roots = [path.dirname(path.dirname(process.execPath)), '/usr'];
  return roots.find((root) => existsSync(path.join(root, 'include', 'node', 'node.h')));
}
