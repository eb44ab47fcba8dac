import { setImmediate as breathe } from 'node:timers/promises';
import type { Background } from './background/background.js';
import { bestScore, fitClassifier, llrAlongAxis, toAxes } from './fit/classifier.js';
import { withoutFold, type KeyStatistics, type SubjectRows } from './fit/key-statistics.js';

/** Held-out photos that are scored at most: 2 000 place a 1 % quantile to ±.2 % of strangers. */
const MAX_PHOTOS = 2000;

/** A photo of an enrolled person, scored by a model that was fitted without that person. */
export interface HeldOutPhoto {
  /** The best LLR of anybody else: what a stranger would get. */
  readonly asStranger: number;
  /** The LLR of its person, as known by their other photos; undefined where there is none. */
  readonly asThemselves: number | undefined;
}

/** What a key's own photos say about its model; people left out in the folds of the statistics. */
export async function scoreHeldOut(
  background: Background,
  subjects: readonly SubjectRows[],
  statistics: KeyStatistics,
): Promise<HeldOutPhoto[]> {
  const { rank } = background;
  const photos = statistics.counts.reduce((sum, count) => sum + count, 0);
  const stride = Math.ceil(photos / MAX_PHOTOS);
  const scored: HeldOutPhoto[] = [];
  const [x, mean] = [new Float64Array(rank), new Float64Array(rank)];
  for (const [fold, { members }] of statistics.folds.entries()) {
    await breathe();
    const classifier = fitClassifier(background, withoutFold(statistics, fold));
    for (const i of members) {
      const { rows, count } = subjects[i]!;
      toAxes(classifier, statistics.means[i]!, mean);
      // Starting at another photo for each person keeps the choice even where people have fewer photos than the stride.
      for (let photo = i % stride; photo < count; photo += stride) {
        toAxes(classifier, rows, x, photo * rank);
        scored.push({
          asStranger: bestScore(classifier, x),
          asThemselves: count === 1 ? undefined : scoreByOthers(x, mean, count, classifier.between),
        });
      }
    }
  }
  return scored;
}

/** The LLR for x of a person with `count` photos of that mean, as if x, which is one of them, were a new one. */
function scoreByOthers(x: Float64Array, mean: Float64Array, count: number, between: Float64Array): number {
  const others = count - 1;
  let score = 0;
  for (let j = 0; j < x.length; j++) {
    const value = x[j]!;
    const { linear, square, constant } = llrAlongAxis(
      (count * mean[j]! - value) / others,
      others,
      between[j]!,
    );
    score += constant + (linear + square * value) * value;
  }
  return score;
}

/** What a threshold does to the key's own photos. */
export interface Realised {
  /** Share named as somebody else, by a model without them. */
  readonly fpir: number;
  /** Share named rightly by their person's other photos; null where nobody has two. */
  readonly tpir: number | null;
}

/** Requires: at least one photo. */
export function realisedAt(threshold: number, photos: readonly HeldOutPhoto[]): Realised {
  const known = photos.filter(({ asThemselves }) => asThemselves !== undefined);
  const named = known.filter(
    ({ asThemselves, asStranger }) => asThemselves! >= threshold && asThemselves! > asStranger,
  );
  return {
    fpir: photos.filter(({ asStranger }) => asStranger >= threshold).length / photos.length,
    tpir: known.length === 0 ? null : named.length / known.length,
  };
}
