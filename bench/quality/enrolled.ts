import { fitKeyModel, lookAlikes, project, shippedBackground, type Classifier } from '@facehash/keras-models';
import { FEATURE_SETS, type DetectedFace } from '@facehash/vision';

export interface Enrolled {
  readonly threshold: number;
  /** Log-likelihood ratio of every person, in the order given. */
  scores(face: DetectedFace): Float64Array;
  /** Whom the face is taken for; undefined = nobody. */
  names(face: DetectedFace): number | undefined;
  lookAlikes(): { labels: readonly [number, number]; score: number }[];
}

/** A key's model of these people, as the worker would fit it. Requires: a face found of everybody. */
export async function enrolled(
  features: keyof typeof FEATURE_SETS,
  people: readonly (readonly (DetectedFace | undefined)[])[],
): Promise<Enrolled> {
  const background = await shippedBackground(features);
  const row = (face: DetectedFace): Float32Array => project(background, FEATURE_SETS[features].of(face));
  const subjects = people.map((faces, person) => {
    const rows = faces.filter((face) => face !== undefined).map(row);
    // Sorted by id, which must be the order given.
    return {
      id: String(person).padStart(4, '0'),
      rows: Float32Array.from(rows.flatMap((one) => [...one])),
      count: rows.length,
    };
  });
  const { classifier, threshold } = await fitKeyModel(background, subjects);
  const scores = (face: DetectedFace): Float64Array => llr(classifier, row(face));
  return {
    threshold,
    scores,
    lookAlikes: () => lookAlikes(classifier),
    names(face) {
      const own = scores(face);
      const best = own.indexOf(Math.max(...own));
      return own[best]! >= threshold ? best : undefined;
    },
  };
}

function llr(
  { rank, labels, axes, centre, linear, square, bias }: Classifier,
  row: Float32Array,
): Float64Array {
  const x = Float64Array.from({ length: rank }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < rank; i++) sum += axes[j * rank + i]! * (row[i]! - centre[i]!);
    return sum;
  });
  return Float64Array.from({ length: labels }, (_, label) => {
    let score = bias[label]!;
    for (let j = 0; j < rank; j++)
      score += (linear[label * rank + j]! + square[label * rank + j]! * x[j]!) * x[j]!;
    return score;
  });
}
