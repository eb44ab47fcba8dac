import { describe, expect, it } from '@jest/globals';
import { everybody, keyStatistics } from '../fit/key-statistics.js';
import { drawPeople, syntheticBackground } from '../synthetic-people.js';
import { withoutPhotos } from './without-photos.js';

const RANK = 12;
const background = syntheticBackground({ size: 30, rank: RANK, seed: 1 });
const people = drawPeople(background, 5, 4, 2);
const row = (person: number, photo: number) => people[person]!.rows.slice(photo * RANK, (photo + 1) * RANK);

describe('withoutPhotos', () => {
  it('gives what the photos that stay give', () => {
    const taken = [0, 1].flatMap((photo) => [1, 3].map((label) => ({ label, row: row(label, photo) })));
    const stayed = people.map(({ id, rows, count }, label) =>
      label === 1 || label === 3 ? { id, rows: rows.slice(2 * RANK), count: 2 } : { id, rows, count },
    );
    const left = withoutPhotos(keyStatistics(people, RANK), taken);
    const expected = everybody(keyStatistics(stayed, RANK));
    expect([left.ids, left.counts]).toEqual([expected.ids, expected.counts]);
    left.means.forEach((mean, label) => {
      mean.forEach((value, j) => {
        expect(value).toBeCloseTo(expected.means[label]![j]!, 9);
      });
    });
    left.scatter.forEach((value, at) => {
      expect(value).toBeCloseTo(expected.scatter[at]!, 6);
    });
  });

  it('takes nobody away altogether', () => {
    const all = [0, 1, 2, 3].map((photo) => ({ label: 1, row: row(1, photo) }));
    expect(() => withoutPhotos(keyStatistics(people, RANK), all)).toThrow(/its last/);
  });
});
