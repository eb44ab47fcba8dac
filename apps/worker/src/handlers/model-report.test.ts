import { fitFromStatistics, shippedBackground, statisticsOf } from '@facehash/keras-models';
import { describe, expect, it } from '@jest/globals';
import { photoStandings, reportOf, type IdentifiedRows } from './model-report.js';

const RANK = 128;
const PHOTOS = 5;

/** Pseudo-random, the same every time. */
const noise = (seed: number): number => {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
};

/** Photos of a person around a centre of their own, far from each other's. */
function person(id: string, seed: number, centre = seed): IdentifiedRows {
  const rows = Float32Array.from(
    { length: PHOTOS * RANK },
    (_, at) => 2 * noise(centre * 1000 + (at % RANK)) + 0.5 * noise(seed * 7777 + at),
  );
  return { id, rows, count: PHOTOS, photoIds: Array.from({ length: PHOTOS }, (_, at) => `${id}-${at}`) };
}

describe('The report of a model', () => {
  const ann = person('ann', 1);
  const bob = person('bob', 2);
  // The last of Ann's photos shows Bob.
  ann.rows.set(person('bob', 9, 2).rows.subarray(0, RANK), 4 * RANK);
  const people = [ann, bob, person('cem', 3), person('dia', 4), person('eva', 5), person('eva-again', 6, 5)];

  const report = async (of: readonly IdentifiedRows[] = people) => {
    const background = await shippedBackground('embedding');
    const statistics = statisticsOf(background, of);
    const fitted = await fitFromStatistics(background, statistics);
    return reportOf(fitted, await photoStandings(fitted, statistics, { fresh: [], always: new Set() }));
  };

  it('tells which photo pulls a person away', async () => {
    const of = (await report()).subjects.find(({ subjectId }) => subjectId === 'ann')!;
    expect(of.agreement!.lowest.photoId).toBe('ann-4');
    expect(of.agreement!.lowest.score).toBeLessThan(of.agreement!.medianScore);
    expect(of.advice).not.toBe('enough');
  });

  it('names the person who was enrolled twice, then those whose photos were mixed up, and nobody else', async () => {
    expect((await report()).lookAlikes.map(({ subjectIds }) => subjectIds)).toEqual([
      ['eva', 'eva-again'],
      ['ann', 'bob'],
    ]);
  });

  it('has nothing to compare an only photo with, and asks for more', async () => {
    const single = { id: 'one', rows: person('one', 8).rows.slice(0, RANK), count: 1, photoIds: ['one-0'] };
    const { subjects } = await report([single]);
    expect(subjects).toEqual([
      { subjectId: 'one', photos: 1, agreement: null, confusions: [], advice: 'more' },
    ]);
  });
});
