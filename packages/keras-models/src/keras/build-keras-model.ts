import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Background } from '../background/background.js';
import type { Classifier } from '../fit/classifier.js';
import type { FittedModel } from '../fit/fit-key-model.js';

/**
 * The key's model as Keras layers, exact: features (size) → whitened x = Dense(rank) with mean, sd, basis, centre and
 * axes folded in → [x, x²] → llr = Dense(labels). The output is the log-likelihood ratio of each label, in the order of
 * `subjectIds`; whoever wants shares for display takes a softmax of it, and nobody rejects by softmax.
 * The caller disposes the model. Needs a backend (selectBackend).
 */
export function buildKerasModel(background: Background, fitted: FittedModel): LayersModel {
  const { size, rank } = background;
  const { classifier } = fitted;
  // Zeros: the weights are set below, and random ones for 2 278 × 110 take longer than the fit.
  const dense = (name: string, units: number) => layers.dense({ name, units, kernelInitializer: 'zeros' });
  const whiten = dense('whitened', rank);
  const llr = dense('llr', classifier.labels);

  const features = input({ shape: [size], name: 'features' });
  const x = whiten.apply(features) as SymbolicTensor;
  // TensorFlow.js 4 frees x too early in Multiply([x, x]); a linear activation makes the second name for it.
  const copy = layers.activation({ name: 'whitened_copy', activation: 'linear' }).apply(x) as SymbolicTensor;
  const squared = layers.multiply({ name: 'squared' }).apply([x, copy]) as SymbolicTensor;
  const powers = layers.concatenate({ name: 'powers' }).apply([x, squared]) as SymbolicTensor;
  const keras = model({
    name: 'key_model',
    inputs: features,
    outputs: llr.apply(powers) as SymbolicTensor,
  });

  tf.tidy(() => {
    const { kernel, bias } = whitenedWeights(background, classifier);
    whiten.setWeights([tf.tensor2d(kernel, [size, rank]), tf.tensor1d(bias)]);
    llr.setWeights([
      tf.tensor2d(llrKernel(classifier), [2 * rank, classifier.labels]),
      tf.tensor1d(Float32Array.from(classifier.bias)),
    ]);
  });
  return keras;
}

/** x = A'(P'((f − mean)/sd) − g) as kernel diag(1/sd) P A and bias −A'g − kernel'mean. */
function whitenedWeights(
  { size, rank, mean, sd, basis }: Background,
  { axes, centre }: Classifier,
): { kernel: Float32Array; bias: Float32Array } {
  const kernel = new Float32Array(size * rank);
  const bias = new Float64Array(rank);
  for (let j = 0; j < rank; j++) {
    for (let k = 0; k < rank; k++) bias[j]! -= axes[j * rank + k]! * centre[k]!;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += basis[i * rank + k]! * axes[j * rank + k]!;
      kernel[i * rank + j] = sum / sd[i]!;
      // The rounded kernel, so that a face of mean features lands on exactly −A'g.
      bias[j]! -= mean[i]! * kernel[i * rank + j]!;
    }
  }
  return { kernel, bias: Float32Array.from(bias) };
}

/** linear above square, transposed: 2 rank × labels. */
function llrKernel({ rank, labels, linear, square }: Classifier): Float32Array {
  const kernel = new Float32Array(2 * rank * labels);
  for (let c = 0; c < labels; c++) {
    for (let j = 0; j < rank; j++) {
      kernel[j * labels + c] = linear[c * rank + j]!;
      kernel[(rank + j) * labels + c] = square[c * rank + j]!;
    }
  }
  return kernel;
}
