import { AppError } from '@facehash/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { z } from 'zod';
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

/** Our layers and no others: a stored file must not choose what code runs. */
const LAYERS = ['InputLayer', 'Dense', 'Activation', 'Multiply', 'Concatenate'] as const;

const modelJsonSchema = z.object({
  modelTopology: z.looseObject({
    config: z.looseObject({ layers: z.array(z.looseObject({ class_name: z.enum(LAYERS) })) }),
  }),
  weightsManifest: z.tuple([
    z.object({
      weights: z.array(z.object({ name: z.string(), shape: z.array(z.int()), dtype: z.literal('float32') })),
    }),
  ]),
});

/**
 * Loads what saveKeyModel wrote and runs it once, so that the first caller does not wait for kernels to be set up.
 * Needs a backend (selectBackend).
 * @throws AppError MODEL_CORRUPT when the files are no model of ours.
 */
export async function loadKeyModel(files: KeyModelFiles): Promise<KeyModel> {
  const model = await readModel(files);
  const size = model.inputs[0]?.shape[1];
  const labels = model.outputs[0]?.shape[1];
  if (model.inputs.length !== 1 || model.outputs.length !== 1 || !size || !labels) {
    model.dispose();
    throw corrupt('expected one input and one output of fixed size');
  }
  const keyModel = wrap(model, size, labels);
  const llr = await keyModel.score(new Float32Array(size));
  if (!llr.every(Number.isFinite)) {
    keyModel.dispose();
    throw corrupt('its scores are no numbers');
  }
  return keyModel;
}

function wrap(model: LayersModel, size: number, labels: number): KeyModel {
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

async function readModel({ modelJson, weights }: KeyModelFiles): Promise<LayersModel> {
  try {
    const json = modelJsonSchema.parse(JSON.parse(new TextDecoder().decode(modelJson)));
    const specs = json.weightsManifest[0].weights;
    const expected = specs.reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
    if (weights.byteLength !== expected) {
      throw new RangeError(`expected ${expected} bytes of weights, got ${weights.byteLength}`);
    }
    return await loadLayersModel(
      tf.io.fromMemory({
        modelTopology: json.modelTopology,
        weightSpecs: specs,
        weightData: Uint8Array.from(weights).buffer,
      }),
    );
  } catch (cause) {
    throw corrupt(cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause), cause);
  }
}

function corrupt(reason: string, cause?: unknown): AppError {
  return new AppError('MODEL_CORRUPT', `The stored model cannot be loaded: ${reason}. Train the key again.`, {
    cause,
  });
}
