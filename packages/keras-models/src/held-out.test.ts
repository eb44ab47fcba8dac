import { describe, expect, it } from '@jest/globals';
import { bestScore, toAxes } from './fit/classifier.js';
import { fitKeyModel, type FittedModel } from './fit/fit-key-model.js';
import type { SubjectRows } from './fit/subject-rows.js';
import { realisedAt } from './held-out.js';
import { drawPeople, syntheticBackground } from './synthetic-people.js';

const RANK = 20;
const backgroundOf = (separation: number) =>
  syntheticBackground({ size: 30, rank: RANK, seed: 1, separation });

/** Share of the photos that get a name; with `rightly` only those that get their own. */
function named(fitted: FittedModel, people: readonly SubjectRows[], rightly: boolean): number {
  const { classifier, threshold } = fitted;
  const x = new Float64Array(RANK);
  let [photos, hits] = [0, 0];
  people.forEach(({ rows, count }, person) => {
    for (let photo = 0; photo < count; photo++, photos++) {
      toAxes(classifier, rows, x, photo * RANK);
      const best = bestScore(classifier, x);
      const own = bestScore(onlyLabel(classifier, person), x);
      if (best >= threshold && (!rightly || own === best)) hits++;
    }
  });
  return hits / photos;
}

function onlyLabel(classifier: FittedModel['classifier'], label: number): FittedModel['classifier'] {
  const row = (all: Float64Array) => all.slice(label * RANK, (label + 1) * RANK);
  const { linear, square, bias } = classifier;
  return {
    ...classifier,
    labels: 1,
    linear: row(linear),
    square: row(square),
    bias: bias.slice(label, label + 1),
  };
}

describe("what a key's own photos say about its model", () => {
  it.each([0.8, 1.2, 3])('foretells what new photos will show, with separation %d', async (separation) => {
    const background = backgroundOf(separation);
    const everything = drawPeople(background, 30, 45, 3);
    const enrolled = everything.map(({ id, rows }) => ({ id, rows: rows.slice(0, 5 * RANK), count: 5 }));
    const later = everything.map(({ id, rows }) => ({ id, rows: rows.slice(5 * RANK), count: 40 }));
    const fitted = await fitKeyModel(background, enrolled);
    const tpir = named(fitted, later, true);
    // Asked of four photos instead of five, and of 150 only: a little less is right.
    expect(fitted.realised!.tpir).toBeGreaterThan(tpir - 0.15);
    expect(fitted.realised!.tpir).toBeLessThan(tpir + 0.05);
    expect(fitted.realised!.fpir).toBeLessThanOrEqual(0.02);
  });

  it('knows nothing of right names where nobody has two photos', () => {
    const photos = [
      { asStranger: 1, asThemselves: undefined },
      { asStranger: 3, asThemselves: undefined },
    ];
    expect(realisedAt(2, photos)).toEqual({ fpir: 0.5, tpir: null });
  });

  it('counts a photo only where its own name is the best and reaches the threshold', () => {
    const photos = [
      { asStranger: 0, asThemselves: 5 },
      { asStranger: 6, asThemselves: 5 },
      { asStranger: 0, asThemselves: 1 },
      { asStranger: 0, asThemselves: undefined },
    ];
    expect(realisedAt(2, photos)).toEqual({ fpir: 0.25, tpir: 1 / 3 });
  });

  it('is silent while the model is uncalibrated', async () => {
    const background = backgroundOf(2);
    expect((await fitKeyModel(background, drawPeople(background, 2, 5, 5))).realised).toBeNull();
  });
});
