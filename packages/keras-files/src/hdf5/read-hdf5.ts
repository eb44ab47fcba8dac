import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { NETWORK_LIMITS } from '../network.js';
import { unsupported } from '../unsupported.js';
import type { Hdf5Group } from './tree.js';

/** Beside `src` and `dist`, plain JavaScript: a thread starts from a file. */
const THREAD = new URL('../../thread/read-hdf5.mjs', import.meta.url);

const LIMITS = {
  depth: 8,
  /** Two to six a layer. */
  entries: 20 * NETWORK_LIMITS.layers,
  numbers: NETWORK_LIMITS.parameters,
  /** Texts in a list, or bytes of one. */
  attributeItems: 1_000_000,
} as const;

/** The largest model that is accepted takes a second or two on a busy machine. */
const TIMEOUT_MS = 15_000;

/**
 * The groups, texts and float32 arrays of an HDF5 file from anywhere.
 * @throws AppError MODEL_UNSUPPORTED
 */
export async function readHdf5(bytes: Uint8Array, timeoutMs = TIMEOUT_MS): Promise<Hdf5Group> {
  const thread = new Worker(THREAD, {
    workerData: { bytes, limits: LIMITS },
    // Nothing of this process' environment or arguments is a parser's business.
    env: {},
    argv: [],
    // The library prints a page about each broken file; nobody reads these.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  try {
    const [answer] = (await once(thread, 'message', { signal: AbortSignal.timeout(timeoutMs) })) as [
      { tree: Hdf5Group } | { reason: string },
    ];
    if ('reason' in answer) throw unsupported(answer.reason);
    return answer.tree;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODEL_UNSUPPORTED') throw error;
    throw unsupported('it cannot be read within the time and memory there are for it', error);
  } finally {
    await thread.terminate();
  }
}
