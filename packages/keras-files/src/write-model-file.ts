import type { ModelFileAbout, ModelFormat } from '@facehash/contracts';
import { writeH5 } from './h5-file.js';
import { writeKeras } from './keras-file.js';
import { readTfjs, type TfjsFiles } from './tfjs-files.js';
import { writeZip } from './zip.js';

/**
 * A stored model as one file. The same model gives the same layers and numbers in every format.
 * @throws AppError MODEL_UNSUPPORTED when the files are no model of ours
 */
export async function writeModelFile(
  files: TfjsFiles,
  format: ModelFormat,
  about: ModelFileAbout,
): Promise<Uint8Array> {
  if (format === 'keras') return writeKeras(readTfjs(files), about);
  if (format === 'h5') return writeH5(readTfjs(files), about);
  return writeZip({
    'model.json': files.modelJson,
    'weights.bin': files.weights,
    'facehash.json': new TextEncoder().encode(JSON.stringify(about)),
  });
}
