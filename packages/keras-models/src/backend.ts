import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { AppError } from '@facehash/contracts';
import * as tf from '@tensorflow/tfjs-core';

export type WantedBackend = 'auto' | 'tensorflow' | 'wasm' | 'cpu';

export interface Backend {
  /** As TensorFlow.js calls it. */
  readonly name: string;
  /** Whether it computes on a GPU. */
  readonly gpu: boolean;
  /** Why this one, for the log and the readiness report. */
  readonly reason: string;
}

type Candidate = readonly [label: string, start: () => Promise<string>];

const NATIVE: readonly Candidate[] = [
  // Names in variables: both packages are optional, and absent ones must not fail type-checking or bundling.
  ['tfjs-node-gpu', () => startNative('@tensorflow/tfjs-node-gpu')],
  ['tfjs-node', () => startNative('@tensorflow/tfjs-node')],
];
const WASM: Candidate = ['WASM', startWasm];
const CPU: Candidate = ['plain CPU', startCpu];

const CANDIDATES: Readonly<Record<WantedBackend, readonly Candidate[]>> = {
  auto: [...NATIVE, WASM, CPU],
  tensorflow: NATIVE,
  wasm: [WASM],
  cpu: [CPU],
};

/**
 * Makes a TensorFlow.js backend the current one; call it once, before any model is built or loaded. The only place
 * that knows backends. 'auto' takes the first that starts of native TensorFlow (GPU, then CPU), WASM and plain CPU.
 * @throws AppError UNAVAILABLE when none of the wanted ones starts; the message says why for each.
 */
export async function selectBackend(wanted: WantedBackend = 'auto'): Promise<Backend> {
  const failures: string[] = [];
  for (const [label, start] of CANDIDATES[wanted]) {
    try {
      const name = await start();
      if (!(await tf.setBackend(name))) throw new Error('it did not initialise');
      await tf.ready();
      const gpu = isOnGpu(tf.backend());
      return { name, gpu, reason: [`${label} started${gpu ? ' on a GPU' : ''}`, ...failures].join('; ') };
    } catch (error) {
      failures.push(`${label} not available: ${firstLine(error)}`);
    }
  }
  throw new AppError('UNAVAILABLE', `No TensorFlow.js backend for '${wanted}': ${failures.join('; ')}.`);
}

/** Not built on most machines: its binary comes from a host that may be unreachable, or from `npm run setup:tensorflow`. */
async function startNative(packageName: string): Promise<string> {
  const lib = join(dirname(createRequire(import.meta.url).resolve(packageName)), '..', 'lib');
  // Without its binary the package would fail too, but first fill the log with a line for each of a hundred kernels.
  if (!existsSync(lib) || !readdirSync(lib).some((entry) => entry.startsWith('napi-v'))) {
    throw new Error('it is not built (npm run setup:tensorflow)');
  }
  await import(packageName);
  return 'tensorflow';
}

async function startWasm(): Promise<string> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // The default path is that of the running script, wrong as soon as an app imports this package.
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(main) + sep);
  await withoutItsListeners(() => tf.setBackend('wasm'));
  return 'wasm';
}

/**
 * Emscripten's start code listens for failures of the whole process and throws them again, with 30 kB of its own source
 * printed in front. What happens to an unhandled failure is the app's decision, so those listeners go.
 */
async function withoutItsListeners(start: () => Promise<unknown>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => new Set<unknown>(process.listeners(event as 'exit')));
  await start();
  events.forEach((event, at) => {
    for (const listener of process.listeners(event as 'exit')) {
      if (!before[at]!.has(listener)) process.removeListener(event, listener);
    }
  });
}

async function startCpu(): Promise<string> {
  await import('@tensorflow/tfjs-backend-cpu');
  return 'cpu';
}

/** tfjs-node-gpu starts on a machine without a card, too. */
function isOnGpu(backend: object): boolean {
  return 'isUsingGpuDevice' in backend && backend.isUsingGpuDevice === true;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n')[0]!.trim();
}
