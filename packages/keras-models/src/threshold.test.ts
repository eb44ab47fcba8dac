import { describe, expect, it } from '@jest/globals';
import { bestScore, toAxes } from './fit/classifier.js';
import { fitKeyModel, type FittedModel } from './fit/fit-key-model.js';
import { drawPeople, syntheticBackground } from './synthetic-people.js';

const background = syntheticBackground({ size: 30, rank: 20, seed: 1, separation: 1.5 });

/** Share of the photos whose best score reaches the threshold. */
function named(fitted: FittedModel, rows: Float32Array): number {
  const x = new Float64Array(background.rank);
  let hits = 0;
  for (let from = 0; from < rows.length; from += background.rank) {
    toAxes(fitted.classifier, rows, x, from);
    if (bestScore(fitted.classifier, x) >= fitted.threshold) hits++;
  }
  return hits / (rows.length / background.rank);
}

const strangers = Float32Array.from(drawPeople(background, 2000, 1, 99).flatMap(({ rows }) => [...rows]));

describe('the threshold', () => {
  it('lets through about the nominal share of strangers in domain', async () => {
    for (const [targetFpir, highest] of [
      [0.01, 0.02],
      [0.05, 0.08],
    ] as const) {
      const realised: number[] = [];
      for (const seed of [1, 2, 3, 4, 5]) {
        const enrolled = drawPeople(background, 25, 5, seed);
        realised.push(named(await fitKeyModel(background, enrolled, { targetFpir }), strangers));
      }
      const mean = realised.reduce((a, b) => a + b) / realised.length;
      // The rule takes the larger of two quantiles, so it errs towards refusing: a fifth of the target is the lower end.
      expect(mean).toBeGreaterThan(targetFpir / 5);
      expect(mean).toBeLessThan(highest);
    }
  });

  it('names most photos of those who are enrolled', async () => {
    const all = drawPeople(background, 25, 10, 7);
    const split = 5 * background.rank;
    const fitted = await fitKeyModel(
      background,
      all.map(({ id, rows }) => ({ id, rows: rows.slice(0, split), count: 5 })),
    );
    const unseen = Float32Array.from(all.flatMap(({ rows }) => [...rows.slice(split)]));
    expect(named(fitted, unseen)).toBeGreaterThan(0.9);
  });

  it('is the same every time for one seed', async () => {
    const enrolled = drawPeople(background, 2, 3, 8);
    const threshold = async (seed: number) => (await fitKeyModel(background, enrolled, { seed })).threshold;
    expect(await threshold(1)).toBe(await threshold(1));
    expect(await threshold(2)).not.toBe(await threshold(1));
  });

  it('falls as the target share of strangers grows', async () => {
    const enrolled = drawPeople(background, 20, 4, 9);
    const at = await Promise.all(
      [0.001, 0.01, 0.02, 0.05, 0.2].map((targetFpir) => fitKeyModel(background, enrolled, { targetFpir })),
    );
    const thresholds = at.map(({ threshold }) => threshold);
    expect(thresholds).toEqual(thresholds.toSorted((a, b) => b - a));
    expect(new Set(thresholds).size).toBe(thresholds.length);
  });

  it('never names somebody against the evidence where its own photos cannot be asked', async () => {
    const enrolled = drawPeople(background, 1, 50, 3);
    expect((await fitKeyModel(background, enrolled, { targetFpir: 0.9 })).threshold).toBe(0);
  });

  it('rises when the enrolled people look alike, which drawn strangers cannot show', async () => {
    const enrolled = drawPeople(background, 12, 5, 10);
    // One person under twelve names: each is the best impostor of the others.
    const first = enrolled[0]!.rows;
    const alike = enrolled.map(({ id, rows, count }) => ({
      id,
      count,
      rows: rows.map((value, at) => 0.1 * value + 0.9 * first[at]!),
    }));
    expect((await fitKeyModel(background, alike)).threshold).toBeGreaterThan(
      (await fitKeyModel(background, enrolled)).threshold + 5,
    );
  });

  it.each([
    ['one label', 1, 5, 'uncalibrated'],
    ['two labels', 2, 5, 'uncalibrated'],
    ['one photo each', 30, 1, 'uncalibrated'],
    ['three labels of two photos', 3, 2, 'calibrated'],
    ['more labels than folds', 40, 2, 'calibrated'],
  ] as const)(
    'with %s marks the model rightly and still refuses strangers',
    async (_, people, photos, calibration) => {
      const fitted = await fitKeyModel(background, drawPeople(background, people, photos, 11));
      expect(fitted.calibration).toBe(calibration);
      expect(named(fitted, strangers)).toBeLessThan(0.05);
    },
  );
});
