import { readFile } from 'node:fs/promises';
import type { Network } from './network.js';
import { parseWeights } from './weights-file.js';

/** Beside `src` and, once built, beside `dist`. */
const FILE = new URL('../weights/sface.weights', import.meta.url);

/** The network of this release. @throws AppError MODEL_CORRUPT */
export async function shippedNetwork(): Promise<Network> {
  return parseWeights(await readFile(FILE));
}
