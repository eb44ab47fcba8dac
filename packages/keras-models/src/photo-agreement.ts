import { toAxes, type Classifier } from './fit/classifier.js';
import { meanOf } from './fit/covariance.js';
import { scoreByOthers } from './held-out.js';

/** How a photo of an enrolled person fits that person and everybody else. */
export interface PhotoAgreement {
  /** The LLR of its person as known by the other photos; undefined where this is the only one. */
  readonly own: number | undefined;
  /** Whom else it shows best: an output of the model and its LLR; undefined where nobody else is enrolled. */
  readonly other: { readonly label: number; readonly score: number } | undefined;
}

/**
 * Photos of one person against the model they are part of. Kinder than what `scoreHeldOut` says, since the model's axes know the
 * photo, but it tells photo by photo and names whom it takes them for.
 * @param rows count × rank, projected
 * @param label the person's output
 * @param photos which of the rows are asked about; default: all
 * Time grows with photos × labels; a thousand labels take about a millisecond a photo.
 */
export function photoAgreement(
  classifier: Classifier,
  { label, rows, count }: { label: number; rows: Float32Array; count: number },
  photos: readonly number[] = Array.from({ length: count }, (_, photo) => photo),
): PhotoAgreement[] {
  const { rank, between } = classifier;
  const mean = new Float64Array(rank);
  toAxes(classifier, meanOf(rows, count, rank), mean);
  const x = new Float64Array(rank);
  return photos.map((photo) => {
    toAxes(classifier, rows, x, photo * rank);
    return {
      own: count === 1 ? undefined : scoreByOthers(x, mean, count, between),
      other: bestOther(classifier, x, label),
    };
  });
}

function bestOther(
  { rank, labels, linear, square, bias }: Classifier,
  x: Float64Array,
  own: number,
): PhotoAgreement['other'] {
  let best: PhotoAgreement['other'];
  for (let label = 0; label < labels; label++) {
    if (label === own) continue;
    let score = bias[label]!;
    const row = label * rank;
    for (let j = 0; j < rank; j++) score += (linear[row + j]! + square[row + j]! * x[j]!) * x[j]!;
    if (best === undefined || score > best.score) best = { label, score };
  }
  return best;
}
