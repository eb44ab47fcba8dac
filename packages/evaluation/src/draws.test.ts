import { describe, expect, test } from '@jest/globals';
import { closedDraw, closedDraws, FIXED_HALVES, openDraws, type Takes } from './draws.js';

/** People with so many photos, all of which an enrolment takes. */
const all = (counts: readonly number[]): Takes => counts.map((count) => new Array<boolean>(count).fill(true));

describe('draws', () => {
  test('closed: everybody is enrolled, and no photo is both enrolled and asked', () => {
    for (const { enrolled, strangers } of closedDraws(all([10, 4, 7]), { photos: 3, draws: 5 })) {
      expect(strangers).toEqual([]);
      expect(enrolled.map(({ person }) => person)).toEqual([0, 1, 2]);
      expect(enrolled.map(({ photos }) => photos.length)).toEqual([3, 3, 3]);
      const used = enrolled.map(({ photos, probes }) => [...photos, ...probes].sort((a, b) => a - b));
      expect(used).toEqual([10, 4, 7].map((count) => Array.from({ length: count }, (_, at) => at)));
    }
  });

  test('fixed halves leave the other half to be named', () => {
    const [first] = closedDraw(all([10]), FIXED_HALVES[0]!).enrolled;
    expect(first).toEqual({ person: 0, photos: [0, 1, 2, 3, 4], probes: [5, 6, 7, 8, 9] });
  });

  test('open: whoever is not enrolled is a stranger with all their photos', () => {
    for (const { enrolled, strangers } of openDraws(all([6, 6, 6, 6, 6]), {
      enrolled: 3,
      photos: () => 2,
      draws: 4,
    })) {
      const people = [...enrolled, ...strangers].map(({ person }) => person).sort();
      expect(people).toEqual([0, 1, 2, 3, 4]);
      expect(enrolled.every(({ photos, probes }) => photos.length === 2 && probes.length === 4)).toBe(true);
      expect(strangers.every(({ probes }) => probes.length === 6)).toBe(true);
    }
  });

  test('open: people without a photo to spare are never enrolled', () => {
    const draws = openDraws(all([1, 1, 4, 4, 4]), {
      enrolled: 3,
      photos: (n) => Math.floor(n / 2),
      draws: 10,
    });
    for (const { enrolled } of draws) expect(enrolled.map(({ person }) => person).sort()).toEqual([2, 3, 4]);
  });

  test('for a photo that enrolment refuses another one is enrolled; it is not asked about', () => {
    const people = [[false, true, true, false, true]];
    for (const { enrolled } of closedDraws(people, { photos: 2, draws: 6 })) {
      const { photos, probes } = enrolled[0]!;
      expect(photos).toHaveLength(2);
      expect(photos.every((photo) => people[0]![photo])).toBe(true);
      expect(probes.length).toBeLessThanOrEqual(3);
      expect(probes.filter((photo) => photos.includes(photo))).toEqual([]);
    }
  });

  test('the same draws every time, and different ones in a run', () => {
    const settings = { enrolled: 2, photos: () => 2, draws: 2 };
    expect(openDraws(all([5, 5, 5, 5]), settings)).toEqual(openDraws(all([5, 5, 5, 5]), settings));
    const [one, other] = openDraws(all([5, 5, 5, 5]), settings);
    expect(one).not.toEqual(other);
  });
});
