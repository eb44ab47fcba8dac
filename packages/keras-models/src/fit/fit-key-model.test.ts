import { describe, expect, it } from '@jest/globals';
import { drawPeople, syntheticBackground } from '../synthetic-people.js';
import { bestScore, toAxes } from './classifier.js';
import { fitKeyModel, type FittedModel } from './fit-key-model.js';
import { referenceLlr } from './reference-llr.js';

const background = syntheticBackground({ size: 30, rank: 12, seed: 1 });

const scoreOf = ({ classifier }: FittedModel, t: Float32Array): number => {
  const x = new Float64Array(classifier.rank);
  toAxes(classifier, t, x);
  return bestScore(classifier, x);
};

describe('fitKeyModel', () => {
  it('agrees with the ratio of two normal densities, computed without whitening', async () => {
    for (let key = 0; key < 20; key++) {
      const enrolled = drawPeople(background, 1 + (key % 7), (person) => 1 + ((person + key) % 4), 100 + key);
      const fitted = await fitKeyModel(background, enrolled);
      const reference = referenceLlr(background, enrolled);
      for (const { rows } of drawPeople(background, 5, 1, 200 + key)) {
        const expected = Math.max(...reference(rows));
        expect(Math.abs(scoreOf(fitted, rows) - expected)).toBeLessThan(1e-8);
      }
    }
  });

  it('sorts its outputs by subject and does not care for the order given', async () => {
    const enrolled = drawPeople(background, 6, 3, 2);
    const fitted = await fitKeyModel(background, enrolled.toReversed());
    expect(fitted.subjectIds).toEqual(enrolled.map(({ id }) => id));
    expect(fitted).toEqual(await fitKeyModel(background, enrolled));
  });

  it('recognises people drawn from its own model', async () => {
    const all = drawPeople(background, 40, 8, 3);
    const half = background.rank * 5;
    const fitted = await fitKeyModel(
      background,
      all.map(({ id, rows }) => ({ id, rows: rows.slice(0, half), count: 5 })),
    );
    const hits = all.flatMap(({ rows }, person) =>
      [5, 6, 7].map((n) => {
        const t = rows.subarray(n * background.rank, (n + 1) * background.rank);
        const own = fitted.classifier;
        const x = new Float64Array(own.rank);
        toAxes(own, t, x);
        const row = person * own.rank;
        let score = own.bias[person]!;
        for (let j = 0; j < own.rank; j++)
          score += (own.linear[row + j]! + own.square[row + j]! * x[j]!) * x[j]!;
        return score === bestScore(own, x);
      }),
    );
    expect(hits.filter(Boolean).length / hits.length).toBeGreaterThan(0.95);
  });

  it('says what is wrong with an empty key, a subject without photos, twice the same subject, and bad rows', async () => {
    const [one] = drawPeople(background, 1, 2, 4) as [ReturnType<typeof drawPeople>[number]];
    const fit = (...subjects: (typeof one)[]) => expect(fitKeyModel(background, subjects)).rejects;
    const noPhotos = expect.objectContaining({ code: 'NO_USABLE_PHOTOS' });
    await fit().toThrow(noPhotos);
    await fit({ ...one, rows: new Float32Array(0), count: 0 }).toThrow(noPhotos);
    await fit(one, one).toThrow(/given twice/);
    await fit({ ...one, count: 3 }).toThrow(/3 × 12/);
    await fit({ ...one, rows: one.rows.map((value, at) => (at === 5 ? NaN : value)) }).toThrow(/NaN/);
    await expect(fitKeyModel(background, [one], { targetFpir: 0 })).rejects.toThrow(/targetFpir/);
  });
});
