import { describe, expect, it } from '@jest/globals';
import { bestScore, toAxes } from './fit/classifier.js';
import { fitKeyModel, statisticsOf } from './fit/fit-key-model.js';
import type { SubjectRows } from './fit/subject-rows.js';
import { photoAgreement } from './photo-agreement.js';
import { drawPeople, syntheticBackground } from './synthetic-people.js';

const RANK = 20;
const background = syntheticBackground({ size: 30, rank: RANK, seed: 1, separation: 3 });
const people = drawPeople(background, 6, 5, 3);

/** All photos of one of these people against the model of all. */
async function agreementOf(id: string, enrolled: readonly SubjectRows[]) {
  const { classifier } = await fitKeyModel(background, enrolled);
  const { rows, count } = enrolled.find((one) => one.id === id)!;
  const photos = Array.from({ length: count }, (_, at) => ({
    id,
    row: rows.slice(at * RANK, (at + 1) * RANK),
  }));
  return photoAgreement(classifier, statisticsOf(background, enrolled), photos);
}

describe('photoAgreement', () => {
  it('finds that the photos of one person show that person, and nobody else', async () => {
    const { threshold, subjectIds } = await fitKeyModel(background, people);
    for (const [label, id] of subjectIds.entries()) {
      const agreement = await agreementOf(id, people);
      expect(agreement).toHaveLength(5);
      for (const { own, other } of agreement) {
        expect(own).toBeGreaterThan(threshold);
        expect(other!.score).toBeLessThan(threshold);
        expect(other!.label).not.toBe(label);
      }
    }
  });

  it('gives the photo away that shows somebody else, and tells whom', async () => {
    const [first, second, ...others] = people as [(typeof people)[0], (typeof people)[0]];
    const rows = Float32Array.from(first.rows);
    rows.set(second.rows.subarray(0, RANK), 2 * RANK);
    const known = { ...second, rows: second.rows.subarray(RANK), count: 4 };
    const enrolled = [{ ...first, rows }, known, ...others];
    const { threshold, subjectIds } = await fitKeyModel(background, enrolled);
    const agreement = await agreementOf(first.id, enrolled);
    const { own, other } = agreement[2]!;
    expect(own).toBeLessThan(threshold);
    expect(subjectIds[other!.label]).toBe(second.id);
    expect(other!.score).toBeGreaterThan(threshold);
    for (const [photo, { own: score }] of agreement.entries())
      if (photo !== 2) expect(score).toBeGreaterThan(own!);
  });

  it("says to others' labels what the model says, and to its own what it would without the photo", async () => {
    const { classifier, subjectIds } = await fitKeyModel(background, people.slice(0, 2));
    const [one, other] = subjectIds.map((id) => people.find((person) => person.id === id)!);
    const [first] = await agreementOf(one!.id, people.slice(0, 2));
    const x = new Float64Array(RANK);
    toAxes(classifier, one!.rows, x);
    const alone = (label: number) => {
      const row = (all: Float64Array) => all.slice(label * RANK, (label + 1) * RANK);
      const { linear, square, bias } = classifier;
      const only = { linear: row(linear), square: row(square), bias: bias.slice(label, label + 1) };
      return bestScore({ ...classifier, labels: 1, ...only }, x);
    };
    expect(first!.other!.score).toBeCloseTo(alone(1), 6);
    // Knowing the photo itself helps to recognise it.
    expect(first!.own).toBeLessThan(alone(0));
    expect(other).toBeDefined();
  });

  it('has nothing to compare an only photo with, nor an only person', async () => {
    const only = { ...people[0]!, rows: people[0]!.rows.slice(0, RANK), count: 1 };
    expect(await agreementOf(only.id, [only])).toEqual([{ own: undefined, other: undefined }]);
  });
});
