import { readFile } from 'node:fs/promises';
import { AppError } from '@facehash/contracts';
import type { EmbeddingEngine } from './engine.js';
import { EMBEDDING_SIZE, FACE_PIXELS, FACE_SIDE } from './network.js';

/** Written by `convert/reference.py`, which runs the original network. */
const REFERENCE = new URL('../weights/reference.json', import.meta.url);

/** Engines differ by rounding alone, which costs less than 1e-5; this is what their embeddings' users can stand. */
const SMALLEST_LIKENESS = 0.999;

/**
 * Runs an engine on pictures of which the original network's embeddings are known, all at once. A driver or an
 * instruction set that computes something else would otherwise be noticed by nobody: every face would get a plausible vector.
 * @returns the smallest likeness: 1 = the same
 * @throws AppError UNAVAILABLE when an embedding is not the network's
 */
export async function checkEngine(engine: EmbeddingEngine): Promise<number> {
  const expected = JSON.parse(await readFile(REFERENCE, 'utf8')) as number[][];
  const pictures = Buffer.concat(expected.map((_, seed) => waves(seed)));
  const embeddings = await engine.embed(pictures);
  const likenesses = expected.map((reference, at) =>
    likeness(reference, embeddings.subarray(at * EMBEDDING_SIZE, (at + 1) * EMBEDDING_SIZE)),
  );
  const smallest = Math.min(...likenesses);
  if (smallest >= SMALLEST_LIKENESS) return smallest;
  throw new AppError(
    'UNAVAILABLE',
    `${engine.name} does not compute the face embedding: likeness ${smallest.toFixed(3)} to the known result, expected ${SMALLEST_LIKENESS}.`,
  );
}

/** A smooth pattern, grey; the formula is in `convert/reference.py` too. */
function waves(seed: number): Uint8Array {
  return Uint8Array.from({ length: FACE_PIXELS }, (_, at) => {
    const [x, y] = [at % FACE_SIDE, Math.floor(at / FACE_SIDE)];
    const wave =
      Math.sin((seed + 1) * 0.05 * x + (seed + 2) * 0.03 * y) * Math.cos((seed + 1) * 0.07 * y - 0.02 * x);
    return Math.floor(128 + 100 * wave);
  });
}

/** The cosine, and less where the lengths differ: an engine that scales its embeddings breaks the gate. */
function likeness(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    ab += a[at]! * b[at]!;
    aa += a[at]! ** 2;
    bb += b[at]! ** 2;
  }
  return ab / Math.max(aa, bb);
}
