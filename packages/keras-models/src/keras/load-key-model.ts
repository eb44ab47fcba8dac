import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { corrupt, readKeyModelFiles, type KeyModelArtifacts } from './key-model-file.js';
import type { KeyModelFiles } from './save-key-model.js';

/** A loaded model. Scoring is safe to call again before an earlier call has ended. */
export interface KeyModel {
  /** Numbers of one feature vector. */
  readonly size: number;
  readonly labels: number;
  /**
   * @param features n × size, n ≥ 1
   * @returns n × labels log-likelihood ratios
   * @throws RangeError when the length is no multiple of `size`, or the model is disposed
   */
  score(features: Float32Array): Promise<Float32Array>;
  /** Idempotent. */
  dispose(): void;
}

/**
 * Loads what saveKeyModel wrote and runs it once, so that the first caller does not wait for kernels to be set up.
 * Needs a backend (selectBackend).
 * @throws AppError MODEL_CORRUPT when the files are no model of ours.
 */
export async function loadKeyModel(files: KeyModelFiles): Promise<KeyModel> {
  const artifacts = readKeyModelFiles(files);
  const keyModel = wrap(await build(artifacts), artifacts);
  const llr = await keyModel.score(new Float32Array(keyModel.size));
  if (!llr.every(Number.isFinite)) {
    keyModel.dispose();
    throw corrupt('its scores are no numbers');
  }
  return keyModel;
}

async function build({ modelTopology, weightSpecs, weightData }: KeyModelArtifacts): Promise<LayersModel> {
  try {
    return await loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  } catch (cause) {
    throw corrupt(String(cause), cause);
  }
}

function wrap(model: LayersModel, { size, labels }: KeyModelArtifacts): KeyModel {
  let disposed = false;
  return {
    size,
    labels,
    async score(features) {
      if (disposed) throw new RangeError('the model is disposed; load it again');
      const n = features.length / size;
      if (n < 1 || !Number.isInteger(n)) {
        throw new RangeError(`expected a multiple of ${size} numbers, got ${features.length}`);
      }
      const llr = tf.tidy(() => model.predictOnBatch(tf.tensor2d(features, [n, size])) as tf.Tensor);
      try {
        return (await llr.data()) as Float32Array;
      } finally {
        llr.dispose();
      }
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      model.dispose();
    },
  };
}
