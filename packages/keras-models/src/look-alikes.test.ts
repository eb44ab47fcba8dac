import { describe, expect, it } from '@jest/globals';
import { bestScore, toAxes, type Classifier } from './fit/classifier.js';
import { fitKeyModel } from './fit/fit-key-model.js';
import { lookAlikes } from './look-alikes.js';
import { drawPeople, syntheticBackground } from './synthetic-people.js';

const RANK = 20;
const backgroundOf = (separation: number) =>
  syntheticBackground({ size: 30, rank: RANK, seed: 1, separation });

describe('lookAlikes', () => {
  it('finds nobody among people who are easy to tell apart', async () => {
    const background = backgroundOf(4);
    const { classifier } = await fitKeyModel(background, drawPeople(background, 12, 5, 3));
    expect(lookAlikes(classifier)).toEqual([]);
  });

  it('finds a person enrolled under two labels', async () => {
    const background = backgroundOf(4);
    const people = drawPeople(background, 8, 10, 3);
    const [one] = people as [(typeof people)[0]];
    const halves = [0, 5].map((from) => ({
      id: `twice-${from}`,
      rows: one.rows.slice(from * RANK, (from + 5) * RANK),
      count: 5,
    }));
    const { classifier, subjectIds } = await fitKeyModel(background, [...people.slice(1), ...halves]);
    const pairs = lookAlikes(classifier);
    expect(pairs).toHaveLength(1);
    expect(pairs[0]!.labels.map((label) => subjectIds[label])).toEqual(['twice-0', 'twice-5']);
    expect(pairs[0]!.score).toBeGreaterThan(5);
  });

  it('foretells what a label says to the photos of another one', async () => {
    const background = backgroundOf(0.3);
    const everything = drawPeople(background, 8, 405, 7);
    const enrolled = everything.map(({ id, rows }) => ({ id, rows: rows.slice(0, 5 * RANK), count: 5 }));
    const { classifier, subjectIds } = await fitKeyModel(background, enrolled);
    const [pair] = lookAlikes(classifier) as [ReturnType<typeof lookAlikes>[0]];
    const [one, other] = pair.labels;
    const means = (
      [
        [one, other],
        [other, one],
      ] as const
    ).map(([label, rival]) => {
      const rows = everything.find(({ id }) => id === subjectIds[label])!.rows.slice(5 * RANK);
      const x = new Float64Array(RANK);
      let sum = 0;
      for (let photo = 0; photo < 400; photo++) {
        toAxes(classifier, rows, x, photo * RANK);
        sum += bestScore(onlyLabel(classifier, rival), x);
      }
      return sum / 400;
    });
    // Five photos place a person only roughly.
    expect(Math.abs(Math.max(...means) - pair.score)).toBeLessThan(1);
  });
});

function onlyLabel(classifier: Classifier, label: number): Classifier {
  const row = (all: Float64Array) => all.slice(label * RANK, (label + 1) * RANK);
  const { linear, square, bias } = classifier;
  return {
    ...{ ...classifier, labels: 1, linear: row(linear), square: row(square) },
    bias: bias.slice(label, label + 1),
  };
}
