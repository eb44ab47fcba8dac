import { setImmediate as breathe } from 'node:timers/promises';
import type { Background } from '../background/background.js';
import { bestScores, scorer } from '../fit/best-scores.js';
import { allToAxes, fitClassifier, type Classifier } from '../fit/classifier.js';
import { heldOut, type SampledPhoto } from '../fit/held-out-sample.js';
import { heldOutIn, withoutFold, type GroupStatistics, type KeyStatistics } from '../fit/key-statistics.js';
import { refineClassifier, type LabelledPhoto } from './refine-classifier.js';
import { withoutPhotos } from './without-photos.js';

/** Scores of photos by models that do not know them. */
export interface Judgement {
  /** The best score of photos by a model without their person. */
  readonly strangers: Float64Array;
  /** By a model that knows the person by other photos: the person's score, and the best of anybody else. */
  readonly known: readonly { readonly own: number; readonly other: number }[];
}

/** Everybody's photos are left out in so many parts, one after the other. */
const PARTS = 5;

/** Beyond so many people a training takes many seconds, and their photos are many: of groups and parts only the first are left out. */
const MANY_PEOPLE = 200;
const OF_MANY = { folds: 3, parts: 1 };

/** Of the closed form and the refined model alike: refitted without, and trained anew from each refit. */
export async function judgeRefinement(
  background: Background,
  statistics: KeyStatistics,
  seed: number,
): Promise<Record<'closed' | 'refined', Judgement>> {
  const strangers = { closed: [] as number[], refined: [] as number[] };
  const known = { closed: [] as Judgement['known'][number][], refined: [] as Judgement['known'][number][] };
  const many = statistics.people.length > MANY_PEOPLE;

  const judge = async (
    group: GroupStatistics,
    learnt: readonly SampledPhoto[],
    score: (classifier: Classifier, method: 'closed' | 'refined') => void,
  ): Promise<void> => {
    await breathe();
    const closed = fitClassifier(background, group);
    score(closed, 'closed');
    score(await refineClassifier(closed, group, labelled(group, learnt), seed), 'refined');
  };

  const folds = many ? OF_MANY.folds : statistics.scatters.length;
  for (let fold = 0; fold < folds; fold++) {
    const photos = heldOutIn(statistics, fold).map(({ row }) => row);
    if (photos.length === 0) continue;
    const others = withoutFold(statistics, fold);
    await judge(others, statistics.sample, (classifier, method) => {
      strangers[method].push(...bestScores(classifier, others.counts, allToAxes(classifier, photos)));
    });
  }
  const parts = partsOf(statistics).slice(0, many ? OF_MANY.parts : PARTS);
  for (const part of parts.filter(({ length }) => length > 0)) {
    const photos = labelled({ ids: statistics.people.map(({ id }) => id) }, part);
    const left = withoutPhotos(statistics, photos);
    const without = new Set(part);
    const learnt = statistics.sample.filter((photo) => !without.has(photo));
    await judge(left, learnt, (classifier, method) => {
      known[method].push(...ownAndOther(classifier, left.counts, photos));
    });
  }
  const judgement = (method: 'closed' | 'refined'): Judgement => ({
    strangers: Float64Array.from(strangers[method]),
    known: known[method],
  });
  return { closed: judgement('closed'), refined: judgement('refined') };
}

/** With the outputs of the group's model; of who is not in it nothing. */
export function labelled(
  { ids }: Pick<GroupStatistics, 'ids'>,
  photos: readonly SampledPhoto[],
): LabelledPhoto[] {
  const labels = new Map(ids.map((id, label) => [id, label]));
  return photos.flatMap(({ id, row }) => {
    const label = labels.get(id);
    return label === undefined ? [] : [{ label, row }];
  });
}

/** Each person's photos dealt out in turn, so that others of them stay; an only photo is never left out. */
function partsOf({ people, sample }: KeyStatistics): SampledPhoto[][] {
  const counts = new Map(people.map(({ id, count }) => [id, count]));
  const dealt = new Map<string, number>();
  const parts: SampledPhoto[][] = Array.from({ length: PARTS }, () => []);
  for (const photo of heldOut(sample)) {
    if (counts.get(photo.id)! < 2) continue;
    const turn = dealt.get(photo.id) ?? 0;
    dealt.set(photo.id, turn + 1);
    parts[turn % PARTS]!.push(photo);
  }
  return parts;
}

function ownAndOther(
  classifier: Classifier,
  counts: readonly number[],
  photos: readonly LabelledPhoto[],
): { own: number; other: number }[] {
  const { labels } = classifier;
  const x = allToAxes(
    classifier,
    photos.map(({ row }) => row),
  );
  const all = scorer(classifier, counts)(x);
  return photos.map(({ label }, at) => {
    const scores = all.subarray(at * labels, (at + 1) * labels);
    const other = scores.reduce(
      (best, score, of) => (of === label ? best : Math.max(best, score)),
      -Infinity,
    );
    return { own: scores[label]!, other };
  });
}
