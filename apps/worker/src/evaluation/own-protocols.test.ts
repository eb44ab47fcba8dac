import { describe, expect, test } from '@jest/globals';
import type { MeasuredPerson } from '@facehash/evaluation';
import type { Backgrounds } from '../backgrounds.js';
import { ownProtocols } from './own-protocols.js';

const backgrounds = {} as Backgrounds;

/** People with so many photos that enrolment takes. */
const people = (...counts: number[]): MeasuredPerson[] =>
  counts.map((count) =>
    Array.from({ length: count }, () => {
      const vector = new Float32Array(1);
      const probe = { fate: 'placed', vector } as const;
      return {
        enrolled: { ratios: vector, embedding: vector },
        probes: { ratios: probe, embedding: probe },
      };
    }),
  );

describe("protocols of somebody's own photos", () => {
  test('half of the photos are enrolled, of two thirds of the people in the second', () => {
    const [closed, open] = ownProtocols(people(4, 4, 4, 4, 4, 4), backgrounds, 3);
    for (const { enrolled, strangers } of closed!.draws) {
      expect(enrolled.map(({ photos }) => photos.length)).toEqual([2, 2, 2, 2, 2, 2]);
      expect(strangers).toEqual([]);
    }
    for (const { enrolled, strangers } of open!.draws)
      expect([enrolled.length, strangers.length]).toEqual([4, 2]);
  });

  test('there is a stranger even when everybody could be enrolled', () => {
    const [, open] = ownProtocols(people(2, 2, 2, 2), backgrounds, 1);
    expect(open!.draws[0]!.strangers).toHaveLength(1);
  });

  test('people with one photo are strangers only', () => {
    const [closed, open] = ownProtocols(people(1, 1, 6, 6, 6), backgrounds, 1);
    expect(closed!.draws[0]!.enrolled).toHaveLength(3);
    expect(open!.draws[0]!.strangers.map(({ person }) => person).sort()).toEqual([0, 1]);
  });

  test('too few people are refused with what is needed and what is there', () => {
    expect(() => ownProtocols(people(5, 5, 1), backgrounds, 1)).toThrow(
      'an evaluation needs 4 people, 3 of them with 2 photos or more; here are 3, 2 with 2 or more',
    );
  });
});
