import { describe, expect, it } from '@jest/globals';
import type { Background } from '../background/background.js';
import { drawPeople, syntheticBackground } from '../synthetic-people.js';
import { bestScore, toAxes } from './classifier.js';
import { heldOut } from './held-out-sample.js';
import { fitFromStatistics, fitKeyModel, statisticsOf, type FittedModel } from './fit-key-model.js';
import type { SubjectRows } from './subject-rows.js';
import { withRows } from './with-rows.js';

const background = syntheticBackground({ size: 30, rank: 12, seed: 1, separation: 1.5 });
const RANK = background.rank;

/** The photos of somebody from one to another, in this order or backwards. */
function photosOf({ id, rows }: SubjectRows, from: number, to: number, backwards = false): SubjectRows {
  const each = Array.from({ length: to - from }, (_, n) =>
    rows.slice((from + n) * RANK, (from + n + 1) * RANK),
  );
  if (backwards) each.reverse();
  return { id, rows: Float32Array.from(each.flatMap((row) => [...row])), count: to - from };
}

/** The largest difference of any label's score for faces of people and of strangers. */
function difference(a: FittedModel, b: FittedModel, faces: readonly SubjectRows[]): number {
  const x = new Float64Array(RANK);
  const scoresOf = ({ classifier }: FittedModel) =>
    faces.flatMap(({ rows }) => {
      toAxes(classifier, rows, x);
      return Array.from({ length: classifier.labels }, (_, label) => {
        const own = (all: Float64Array) => all.subarray(label * RANK, (label + 1) * RANK);
        const { linear, square, bias } = classifier;
        const only = { linear: own(linear), square: own(square), bias: bias.subarray(label, label + 1) };
        return bestScore({ ...classifier, labels: 1, ...only }, x);
      });
    });
  const [one, other] = [scoresOf(a), scoresOf(b)];
  expect(one).toHaveLength(other.length);
  return Math.max(...one.map((score, at) => Math.abs(score - other[at]!)));
}

async function expectSameModel(
  one: FittedModel,
  everybody: readonly SubjectRows[],
  of: Background = background,
): Promise<void> {
  const scratch = await fitKeyModel(of, everybody);
  expect(one.subjectIds).toEqual(scratch.subjectIds);
  expect(one.photos).toEqual(scratch.photos);
  expect(difference(one, scratch, [...everybody, ...drawPeople(of, 20, 1, 77)])).toBeLessThan(1e-5);
  expect(Math.abs(one.threshold - scratch.threshold)).toBeLessThan(1e-5);
  expect(one.realised).toEqual(scratch.realised);
  expect(one.calibration).toBe(scratch.calibration);
}

describe('statistics that grow', () => {
  it('give the model that all photos give: one photo more, a batch, a newcomer, several people at once', async () => {
    const all = drawPeople(background, 40, 20, 5);
    const before = [0, ...Array.from({ length: 38 }, (_, n) => n + 1)].map((n) =>
      photosOf(all[n]!, 0, 8 + (n % 3)),
    );
    let statistics = statisticsOf(background, before);
    const now = new Map(before.map((person) => [person.id, person]));
    const steps: SubjectRows[][] = [
      [photosOf(all[7]!, 0, 10)],
      [photosOf(all[7]!, 0, 20)],
      [photosOf(all[39]!, 0, 5)], // new
      [photosOf(all[3]!, 0, 12), photosOf(all[39]!, 0, 6), photosOf(all[12]!, 0, 20)],
    ];
    for (const changed of steps) {
      statistics = withRows(statistics, changed)!;
      for (const person of changed) now.set(person.id, person);
      const fitted = await fitFromStatistics(background, statistics);
      await expectSameModel(fitted, [...now.values()]);
    }
  });

  it('ask the threshold of the same photos, whatever the order they came in, beyond the 2 000 that are asked', async () => {
    const all = drawPeople(background, 30, 120, 6);
    const halves = statisticsOf(
      background,
      all.map((person) => photosOf(person, 0, 60)),
    );
    let grown = halves;
    for (const person of all.toReversed()) grown = withRows(grown, [photosOf(person, 0, 120, true)])!;
    expect(heldOut(grown.sample)).toHaveLength(2000);
    const scratch = statisticsOf(background, all);
    expect(grown.sample).toEqual(scratch.sample);
    await expectSameModel(await fitFromStatistics(background, grown), all);
  });

  it('draw those photos fairly: each person about as many as they have', () => {
    const all = drawPeople(background, 40, (person) => (person < 20 ? 50 : 150), 8);
    const { sample } = statisticsOf(background, all);
    const few = sample.filter(({ id }) => id < 'sub_0020').length;
    expect(few / sample.length).toBeGreaterThan(0.21);
    expect(few / sample.length).toBeLessThan(0.29);
  });

  it('keep a photo of everybody, and what the caller calls it', () => {
    const all = drawPeople(background, 40, (person) => (person === 0 ? 1 : 120), 13).map((person) => ({
      ...person,
      photoIds: Array.from({ length: person.count }, (_, photo) => `${person.id}/${photo}`),
    }));
    const { sample } = statisticsOf(background, all);
    expect(sample.find(({ id }) => id === 'sub_0000')!.photoId).toBe('sub_0000/0');
    expect(new Set(sample.map(({ id }) => id)).size).toBe(40);
    const grown = all
      .slice(20)
      .reduce((before, one) => withRows(before, [one])!, statisticsOf(background, all.slice(0, 20)));
    expect(grown.sample).toEqual(sample);
  });

  it('count a photo that was sent twice twice, and take nothing for new that is known', () => {
    const all = drawPeople(background, 20, 3, 9);
    const [first] = all as [SubjectRows];
    const twice: SubjectRows = {
      ...first,
      count: 4,
      rows: Float32Array.from([...first.rows, ...first.rows.slice(0, RANK)]),
    };
    const statistics = statisticsOf(background, all);
    expect(withRows(statistics, all)!.people).toEqual(statistics.people);
    const grown = withRows(statistics, [twice])!;
    expect(grown.people[0]!.count).toBe(4);
    expect(withRows(grown, [twice])!.people[0]!.count).toBe(4);
  });

  it('cannot tell what is left when a photo has gone, nor the groups of a small key that somebody joins', () => {
    const all = drawPeople(background, 13, 3, 10);
    expect(withRows(statisticsOf(background, all), [photosOf(all[0]!, 1, 3)])).toBeUndefined();
    const small = statisticsOf(background, all.slice(0, 12));
    expect(withRows(small, [all[12]!])).toBeUndefined();
  });

  it('grow for those who are known in a small key, too', async () => {
    const all = drawPeople(background, 5, 6, 11);
    const before = statisticsOf(
      background,
      all.map((person) => photosOf(person, 0, 4)),
    );
    const now = [
      photosOf(all[0]!, 0, 4),
      photosOf(all[1]!, 0, 6),
      ...all.slice(2).map((person) => photosOf(person, 0, 4)),
    ];
    await expectSameModel(await fitFromStatistics(background, withRows(before, [now[1]!])!), now);
  });

  it('leave those they grew from as they were', () => {
    const all = drawPeople(background, 15, 6, 12);
    const before = statisticsOf(
      background,
      all.map((person) => photosOf(person, 0, 4)),
    );
    const copy = structuredClone(before);
    withRows(before, [all[3]!]);
    expect(before).toEqual(copy);
  });
});
