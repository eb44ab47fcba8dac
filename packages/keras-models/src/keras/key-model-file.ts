import { AppError, isAppError } from '@facehash/contracts';
import { readTfjsModel } from '@facehash/keras-files';
import type { KeyModelFiles } from './save-key-model.js';

/** What TensorFlow.js needs to build the model, known to fit together. */
export interface KeyModelArtifacts {
  readonly modelTopology: object;
  readonly weightSpecs: { name: string; shape: number[]; dtype: 'float32' }[];
  readonly weightData: ArrayBuffer;
  readonly size: number;
  readonly labels: number;
}

/**
 * Checks the files before TensorFlow.js sees them: a stored file must not choose what code runs, and when weights and layers
 * disagree, TensorFlow.js throws half-way and keeps the tensors made so far for ever.
 * @throws AppError MODEL_CORRUPT
 */
export function readKeyModelFiles(files: KeyModelFiles): KeyModelArtifacts {
  try {
    const { plan, modelTopology, weightSpecs } = readTfjsModel(files);
    const weightData = Uint8Array.from(files.weights).buffer;
    return { modelTopology, weightSpecs, weightData, size: plan.size, labels: plan.labels };
  } catch (error) {
    throw isAppError(error) ? corrupt(error.message, error) : error;
  }
}

export function corrupt(reason: string, cause?: unknown): AppError {
  const message = `The stored model cannot be loaded: ${reason.replace(/\.$/, '')}. Train the key again.`;
  return new AppError('MODEL_CORRUPT', message, { cause });
}
