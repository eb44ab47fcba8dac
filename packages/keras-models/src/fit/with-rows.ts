import { addRows, type Group } from './add-rows.js';
import { drawSample } from './held-out-sample.js';
import { foldOf, MAX_FOLDS, type KeyStatistics, type PersonStatistics } from './key-statistics.js';
import { requireRows, type SubjectRows } from './subject-rows.js';
import { marksOf } from './row-marks.js';

/**
 * The statistics after photos were added to some people, or people with photos to the key: to rounding those that
 * `keyStatistics` makes of everybody's rows. Nobody else's rows are needed.
 * @param changed all rows of each of these people, those that are known already among them; by id, each once
 * @returns undefined where only everybody's rows can tell: a known row has gone, or the groups left out are drawn anew, which
 * they are for a newcomer among up to twelve
 * @throws as keyStatistics
 */
export function withRows(before: KeyStatistics, changed: readonly SubjectRows[]): KeyStatistics | undefined {
  const { rank } = before;
  const people = new Map(before.people.map((person) => [person.id, person]));
  if (before.people.length <= MAX_FOLDS && changed.some(({ id }) => !people.has(id))) return undefined;

  const scatters = before.scatters.map((scatter) => scatter.slice());
  const places = new Map(before.people.map(({ id }, at) => [id, at]));
  const joining: SubjectRows[] = [];
  const joiningMarks: Float64Array[] = [];
  for (const subject of changed) {
    requireRows(subject, rank);
    const { id } = subject;
    const known = people.get(id);
    const fresh = newRows(subject, known, rank);
    if (fresh === undefined) return undefined;
    if (fresh.count === 0) continue;
    // A newcomer's place does not matter: beyond twelve people it is the id alone.
    const fold = foldOf(id, places.get(id) ?? 0, before.people.length);
    const group: Group = known ?? { count: 0, mean: new Float64Array(rank) };
    const marks = Float64Array.from([...(known?.marks ?? []), ...fresh.marks]);
    people.set(id, { id, ...addRows(group, fresh.rows, scatters[fold]!), marks });
    joining.push(fresh);
    joiningMarks.push(fresh.marks);
  }
  return {
    rank,
    people: [...people.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    scatters,
    sample: drawSample(before.sample, joining, joiningMarks, rank),
  };
}

/** The rows that are not known; undefined where one that is known is missing. */
function newRows(
  { id, rows, photoIds }: SubjectRows,
  known: PersonStatistics | undefined,
  rank: number,
): (SubjectRows & { readonly marks: Float64Array }) | undefined {
  // Counted: a photo that was sent twice is in twice.
  const unseen = new Map<number, number>();
  for (const mark of known?.marks ?? []) unseen.set(mark, (unseen.get(mark) ?? 0) + 1);
  const marks = marksOf(rows, rank);
  const fresh: number[] = [];
  marks.forEach((mark, row) => {
    const times = unseen.get(mark) ?? 0;
    if (times === 0) fresh.push(row);
    else if (times === 1) unseen.delete(mark);
    else unseen.set(mark, times - 1);
  });
  if (unseen.size > 0) return undefined;
  const own = new Float32Array(fresh.length * rank);
  fresh.forEach((row, at) => {
    own.set(rows.subarray(row * rank, (row + 1) * rank), at * rank);
  });
  return {
    ...{ id, rows: own, count: fresh.length, marks: Float64Array.from(fresh, (row) => marks[row]!) },
    ...(photoIds && { photoIds: fresh.map((row) => photoIds[row]!) }),
  };
}
