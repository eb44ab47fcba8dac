import { readH5 } from './h5-file.js';
import { readKeras } from './keras-file.js';
import type { Network } from './network.js';
import { unsupported } from './unsupported.js';

const HDF5 = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const ZIP = [0x50, 0x4b, 0x03, 0x04];

/** Bytes that `modelFileType` needs. */
export const MODEL_FILE_HEAD_BYTES = 8;

/** By its first bytes; its name is never trusted. */
export function modelFileType(head: Uint8Array): 'keras' | 'h5' | undefined {
  const begins = (magic: readonly number[]) => magic.every((byte, at) => head[at] === byte);
  if (begins(ZIP)) return 'keras';
  return begins(HDF5) ? 'h5' : undefined;
}

/**
 * A model that Keras saved, as `.keras` or `.h5`, from anywhere: only the layers of `LAYER_KINDS` get through.
 * @throws AppError MODEL_UNSUPPORTED
 */
export async function readModelFile(bytes: Uint8Array): Promise<Network> {
  const type = modelFileType(bytes);
  if (type === undefined) throw unsupported('it is neither .keras nor .h5');
  return type === 'keras' ? readKeras(bytes) : readH5(bytes);
}
