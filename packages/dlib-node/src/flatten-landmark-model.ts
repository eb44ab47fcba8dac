import { loadBinding } from './binding.js';
import { settleNative } from './dlib-error.js';

/**
 * Rewrites dlib's serialised `shape_predictor` as the flat file that {@link openLandmarkPredictor} maps. Streamed, so
 * memory stays small; `flatModelPath` appears whole or not at all.
 *
 * @throws DlibError `MODEL_UNREADABLE` when the source is missing, damaged or no such model, `MODEL_UNWRITABLE` when
 *   the target cannot be written
 */
export function flattenLandmarkModel(datPath: string, flatModelPath: string): Promise<void> {
  return settleNative(() => loadBinding().flatten(datPath, flatModelPath));
}
