import { setImmediate as breathe } from 'node:timers/promises';
import type { Background } from './background/background.js';
import { bestScores } from './fit/best-scores.js';
import { allToAxes, fitClassifier, llrAlongAxis } from './fit/classifier.js';
import { heldOutIn, withoutFold, type KeyStatistics } from './fit/key-statistics.js';

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
  statistics: KeyStatistics,
): Promise<HeldOutPhoto[]> {
  const { rank, people } = statistics;
  const places = new Map(people.map(({ id }, at) => [id, at]));
  const scored: HeldOutPhoto[] = [];
  for (const fold of statistics.scatters.keys()) {
    const photos = heldOutIn(statistics, fold).map(({ id, row }) => ({
      row,
      person: people[places.get(id)!]!,
    }));
    if (photos.length === 0) continue;
    await breathe();
    const others = withoutFold(statistics, fold);
    const classifier = fitClassifier(background, others);
    const toX = (vectors: readonly (Float32Array | Float64Array)[]) => allToAxes(classifier, vectors);
    const x = toX(photos.map(({ row }) => row));
    const asStrangers = bestScores(classifier, others.counts, x);
    const means = toX(photos.map(({ person }) => person.mean));
    photos.forEach(({ person: { count } }, at) => {
      const own = (all: Float64Array) => all.subarray(at * rank, (at + 1) * rank);
      scored.push({
        asStranger: asStrangers[at]!,
        asThemselves: count === 1 ? undefined : scoreByOthers(own(x), own(means), count, classifier.between),
      });
    });
  }
  return scored;
}

/** The LLR for x of a person with `count` photos of that mean, as if x, which is one of them, were a new one. */
export function scoreByOthers(
  x: Float64Array,
  mean: Float64Array,
  count: number,
  between: Float64Array,
): number {
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
