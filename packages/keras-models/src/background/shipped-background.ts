import { readFile } from 'node:fs/promises';
import { AppError } from '@facehash/contracts';
import type { Background } from './background.js';
import { parseBackground } from './background-file.js';

/** Beside `src` and, once built, beside `dist`. */
const FOLDER = new URL('../../backgrounds/', import.meta.url);

/**
 * The background statistics of this release for a feature set.
 * @throws AppError INTERNAL when the release ships none, MODEL_CORRUPT when the file is damaged or another set's.
 */
export async function shippedBackground(features: string): Promise<Background> {
  const background = parseBackground(await read(features));
  if (background.features !== features) {
    throw new AppError(
      'MODEL_CORRUPT',
      `The background file of '${features}' is of '${background.features}'; restore it from the release.`,
    );
  }
  return background;
}

async function read(features: string): Promise<Uint8Array> {
  const file = new URL(`${encodeURIComponent(features)}.bg`, FOLDER);
  try {
    return await readFile(file);
  } catch (cause) {
    throw new AppError(
      'INTERNAL',
      `This release ships no background statistics for the feature set '${features}'; make them with 'pnpm background'.`,
      { cause },
    );
  }
}
