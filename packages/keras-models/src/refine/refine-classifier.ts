import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { scorer } from '../fit/best-scores.js';
import { allToAxes, type Classifier } from '../fit/classifier.js';
import type { GroupStatistics } from '../fit/key-statistics.js';
import { createRandom } from '../fit/random.js';
import { scoreByOthers } from '../held-out.js';

/** A photo of an enrolled person. */
export interface LabelledPhoto {
  /** Output of the classifier. */
  readonly label: number;
  /** rank */
  readonly row: Float32Array;
}

/**
 * Chosen with people whom no figure of `pnpm bench refined` but the last is about; a third of the rate moves scores, and names, half as far.
 */
const REFINEMENT = {
  learningRate: 0.01,
  // In the order given: a shuffle of TensorFlow.js' own would come out differently every time.
  fit: { epochs: 10, batchSize: 64, shuffle: false, verbose: 0 },
} as const;

/**
 * A few epochs of gradient descent from the closed form, by TensorFlow.js: what is added to `linear` and `bias` so that photos are
 * scored higher for their own label than for others (cross-entropy). Each is scored for its own as a new photo would be, by the
 * person's others; as one of those that the closed form knows nearly all fit, and there would be nothing to learn. What x² counts
 * stays: a few photos cannot say how a person's photos scatter. The same numbers every time on one backend (selectBackend).
 * @param photos of whom only one is known are passed over
 */
export async function refineClassifier(
  classifier: Classifier,
  group: GroupStatistics,
  photos: readonly LabelledPhoto[],
  seed: number,
): Promise<Classifier> {
  const { rank, labels, linear, bias } = classifier;
  const several = shuffled(
    photos.filter(({ label }) => group.counts[label]! > 1),
    seed,
  );
  if (several.length === 0 || labels < 2) return classifier;
  const x = allToAxes(
    classifier,
    several.map(({ row }) => row),
  );
  const shape: [number, number] = [several.length, labels];
  const inputs = [
    tf.tensor2d(Float32Array.from(x), [several.length, rank]),
    tf.tensor2d(scoresAsNew(classifier, group, several, x), shape),
  ];
  const own = tf.tensor2d(ownLabels(several, labels), shape);
  const { head, added } = trainable(rank, labels);
  try {
    const optimizer = tf.train.adam(REFINEMENT.learningRate);
    head.compile({ optimizer, loss: (truth, scores) => tf.losses.softmaxCrossEntropy(truth, scores) });
    await head.fit(inputs, own, REFINEMENT.fit);
    optimizer.dispose();
    const [kernel, shift] = await Promise.all(added.getWeights().map((weights) => weights.data()));
    return {
      ...classifier,
      linear: linear.map((value, at) => value + kernel![(at % rank) * labels + Math.floor(at / rank)]!),
      bias: bias.map((value, label) => value + shift![label]!),
    };
  } finally {
    head.dispose();
    tf.dispose([...inputs, own]);
  }
}

/** scores + x · kernel + bias, both 0 at first: nothing is changed until something is learnt. */
function trainable(
  rank: number,
  labels: number,
): { head: LayersModel; added: { getWeights(): tf.Tensor[] } } {
  const x = input({ shape: [rank] });
  const scores = input({ shape: [labels] });
  const added = layers.dense({ units: labels, kernelInitializer: 'zeros' });
  const sum = layers.add().apply([scores, added.apply(x) as SymbolicTensor]) as SymbolicTensor;
  return { head: model({ inputs: [x, scores], outputs: sum }), added };
}

/** The closed form's LLRs, n × labels; each photo's own label as if it did not know the photo. */
function scoresAsNew(
  classifier: Classifier,
  { counts, means }: GroupStatistics,
  photos: readonly LabelledPhoto[],
  x: Float64Array,
): Float32Array {
  const { rank, labels, between } = classifier;
  const scores = scorer(classifier, counts)(x);
  const known = allToAxes(
    classifier,
    photos.map(({ label }) => means[label]!),
  );
  photos.forEach(({ label }, at) => {
    const own = (all: Float64Array) => all.subarray(at * rank, (at + 1) * rank);
    scores[at * labels + label] = scoreByOthers(own(x), own(known), counts[label]!, between);
  });
  return Float32Array.from(scores);
}

function ownLabels(photos: readonly LabelledPhoto[], labels: number): Float32Array {
  const own = new Float32Array(photos.length * labels);
  photos.forEach(({ label }, at) => (own[at * labels + label] = 1));
  return own;
}

/** Fisher–Yates: batches of one person after the other would pull to and fro. */
function shuffled<T>(values: readonly T[], seed: number): T[] {
  const random = createRandom(seed);
  const out = [...values];
  for (let at = out.length - 1; at > 0; at--) {
    const other = Math.floor(random.uniform() * (at + 1));
    [out[at], out[other]] = [out[other]!, out[at]!];
  }
  return out;
}
