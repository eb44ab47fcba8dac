import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** As the set-up makes it (scripts/setup.mjs). */
const PYTHON = path.join(
  process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'),
  'facehash/keras/bin/python',
);

/**
 * Whether there is a Python with Keras, so that a suite can skip and say so.
 * @throws Error with FACEHASH_REQUIRE_KERAS=1 (CI) where there is none: CI must not skip silently
 */
export function hasKeras(): boolean {
  if (existsSync(PYTHON)) return true;
  if (process.env.FACEHASH_REQUIRE_KERAS !== '1') return false;
  throw new Error(
    `FACEHASH_REQUIRE_KERAS=1, but there is no ${PYTHON}; \`node scripts/setup.mjs --for-tests\` makes it.`,
  );
}

/** Runs one of this folder's scripts. @returns what it printed, as JSON */
export async function runPython(script: string, ...args: readonly string[]): Promise<unknown> {
  const file = path.join(import.meta.dirname, script);
  const { stdout } = await promisify(execFile)(PYTHON, [file, ...args], {
    env: { ...process.env, KERAS_BACKEND: 'jax' },
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout);
}
