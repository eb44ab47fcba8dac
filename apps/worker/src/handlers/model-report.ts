import { setImmediate as breathe } from 'node:timers/promises';
import type { ModelReport, SubjectReport } from '@facehash/contracts';
import {
  expectedScore,
  lookAlikes,
  photoAgreement,
  TOO_CLOSE,
  type FittedModel,
  type KeyStatistics,
  type SubjectRows,
} from '@facehash/keras-models';

/** Photos that are judged before others have a turn: with a thousand labels that takes about 20 ms. */
const TOGETHER = 250;
/** Rivals of one person that are told. */
const MAX_CONFUSIONS = 3;

export type IdentifiedRows = SubjectRows & { readonly photoIds: readonly string[] };

/** One photo of an enrolled person, as the model sees it. */
export interface PhotoStanding {
  readonly photoId: string;
  /** By the person's other photos; undefined where this is the only one. */
  readonly own: number | undefined;
  /** Whom else it shows best; undefined where nobody else is enrolled. */
  readonly other: { readonly subjectId: string; readonly score: number } | undefined;
}

/**
 * What each person's photos say, by subject. Of a large key not all are asked, but of everybody some: those that lie with the
 * statistics, and whatever is new.
 * @param fresh rows of people whose photos changed, of which only those in `always` are asked
 */
export async function photoStandings(
  { classifier, subjectIds }: FittedModel,
  statistics: KeyStatistics,
  { fresh, always }: { fresh: readonly IdentifiedRows[]; always: ReadonlySet<string> },
): Promise<Map<string, PhotoStanding[]>> {
  const { rank, sample } = statistics;
  const sampled = new Set(sample.map(({ photoId }) => photoId));
  const added = fresh.flatMap(({ id, rows, photoIds }) =>
    photoIds.flatMap((photoId, at) =>
      always.has(photoId) && !sampled.has(photoId)
        ? [{ id, photoId, row: rows.subarray(at * rank, (at + 1) * rank) }]
        : [],
    ),
  );
  const asked = [...sample, ...added];
  const standings = new Map<string, PhotoStanding[]>(subjectIds.map((id) => [id, []]));
  for (let from = 0; from < asked.length; from += TOGETHER) {
    // A second on end would let the lock of the job run out on a busy machine.
    await breathe();
    const photos = asked.slice(from, from + TOGETHER);
    photoAgreement(classifier, statistics, photos).forEach(({ own, other }, at) => {
      const { id, photoId } = photos[at]!;
      standings.get(id)!.push({
        // Every row of a key has one.
        ...{ photoId: photoId!, own },
        other: other && { subjectId: subjectIds[other.label]!, score: other.score },
      });
    });
  }
  return standings;
}

/** Whether a photo could be the other person's, or shows that one rather. */
export function isInDoubt({ own, other }: PhotoStanding, threshold: number): boolean {
  if (other === undefined || other.score < threshold) return false;
  return own === undefined || own - other.score < TOO_CLOSE;
}

/** Whether the person's other photos would have named this one. */
export function isNamed(standing: PhotoStanding, threshold: number): boolean {
  return (standing.own ?? -Infinity) >= threshold && !isInDoubt(standing, threshold);
}

export function reportOf(
  fitted: FittedModel,
  standings: ReadonlyMap<string, readonly PhotoStanding[]>,
): ModelReport {
  const { subjectIds, photos, classifier } = fitted;
  return {
    subjects: subjectIds.map((id, at) => subjectReport(fitted, id, photos[at]!, standings.get(id) ?? [])),
    lookAlikes: lookAlikes(classifier).map(({ labels: [a, b], score }) => ({
      subjectIds: [subjectIds[a]!, subjectIds[b]!],
      score,
    })),
  };
}

function subjectReport(
  { classifier, threshold }: FittedModel,
  subjectId: string,
  photos: number,
  standings: readonly PhotoStanding[],
): SubjectReport {
  const known = standings
    .flatMap(({ photoId, own }) => (own === undefined ? [] : [{ photoId, score: own }]))
    .sort((a, b) => a.score - b.score);
  const lowest = known[0];
  const gain = expectedScore(classifier, 2 * photos) - expectedScore(classifier, photos);
  return {
    subjectId,
    photos,
    agreement:
      lowest === undefined
        ? null
        : {
            named: standings.filter((standing) => isNamed(standing, threshold)).length / standings.length,
            medianScore: known[Math.floor(known.length / 2)]!.score,
            lowest,
          },
    confusions: confusionsOf(standings, threshold),
    advice: adviceFor(lowest?.score, threshold, gain),
  };
}

/** @param gain what twice the photos would add to a score, on average over people */
function adviceFor(lowest: number | undefined, threshold: number, gain: number): SubjectReport['advice'] {
  if (lowest === undefined) return 'more';
  if (lowest >= threshold) return 'enough';
  return lowest + gain >= threshold ? 'more' : 'better';
}

function confusionsOf(standings: readonly PhotoStanding[], threshold: number): SubjectReport['confusions'] {
  const rivals = new Map<string, { photoId: string; score: number }[]>();
  for (const standing of standings) {
    if (!isInDoubt(standing, threshold)) continue;
    const { subjectId, score } = standing.other!;
    rivals.set(subjectId, [...(rivals.get(subjectId) ?? []), { photoId: standing.photoId, score }]);
  }
  return [...rivals]
    .map(([subjectId, photos]) => ({
      subjectId,
      photos: photos.length,
      highest: photos.reduce((a, b) => (b.score > a.score ? b : a)),
    }))
    .sort((a, b) => b.photos - a.photos || b.highest.score - a.highest.score)
    .slice(0, MAX_CONFUSIONS);
}
