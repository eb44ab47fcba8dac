import { bestLabels } from './fit/best-scores.js';
import { allToAxes, type Classifier } from './fit/classifier.js';
import type { KeyStatistics } from './fit/key-statistics.js';
import { scoreByOthers } from './held-out.js';

/** How a photo of an enrolled person fits that person and everybody else. */
export interface PhotoAgreement {
  /** The LLR of its person as known by the other photos; undefined where this is the only one. */
  readonly own: number | undefined;
  /** Whom else it shows best: an output of the model and its LLR; undefined where nobody else is enrolled. */
  readonly other: { readonly label: number; readonly score: number } | undefined;
}

/**
 * Photos of enrolled people against the model they are part of. Kinder than what `scoreHeldOut` says, since the model's axes know the
 * photo, but it tells photo by photo and names whom it takes them for.
 * @param photos whose each is, and its row (rank); of people who are in the statistics
 * Time grows with photos × labels; 250 photos of a thousand labels take about 20 ms.
 */
export function photoAgreement(
  classifier: Classifier,
  { people }: Pick<KeyStatistics, 'people'>,
  photos: readonly { readonly id: string; readonly row: Float32Array }[],
): PhotoAgreement[] {
  const { rank, between } = classifier;
  const labels = new Map(people.map(({ id }, label) => [id, label]));
  const own = photos.map(({ id }) => labels.get(id)!);
  const x = allToAxes(
    classifier,
    photos.map(({ row }) => row),
  );
  const means = allToAxes(
    classifier,
    own.map((label) => people[label]!.mean),
  );
  const counts = people.map(({ count }) => count);
  const others = bestLabels(classifier, counts, x, own);
  return own.map((label, at) => {
    const ofPhoto = (all: Float64Array) => all.subarray(at * rank, (at + 1) * rank);
    const [count, other] = [counts[label]!, others.labels[at]!];
    return {
      own: count === 1 ? undefined : scoreByOthers(ofPhoto(x), ofPhoto(means), count, between),
      other: other < 0 ? undefined : { label: other, score: others.scores[at]! },
    };
  });
}
