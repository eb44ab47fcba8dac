import { describe, expect, it } from '@jest/globals';
import { drawPeople, syntheticBackground } from '../synthetic-people.js';
import { pairLlr } from './pair-llr.js';
import { referenceLlr } from './reference-llr.js';

const background = syntheticBackground({ size: 30, rank: 12, seed: 1 });
const score = pairLlr(background);
const people = drawPeople(background, 40, 2, 5).map(
  ({ rows }) => [rows.slice(0, 12), rows.slice(12)] as const,
);

describe('pairLlr', () => {
  it('agrees with the ratio of two normal densities after one photo was enrolled', () => {
    for (const [one, other] of people) {
      const [expected] = referenceLlr(background, [{ id: 'sub', rows: one, count: 1 }])(other);
      expect(Math.abs(score(one, other) - expected!)).toBeLessThan(1e-8);
    }
  });

  it('does not care which photo comes first', () => {
    for (const [one, other] of people) expect(score(one, other)).toBeCloseTo(score(other, one), 9);
  });

  it('tells two photos of one person from photos of two, on average', () => {
    const mean = (scores: number[]) => scores.reduce((sum, value) => sum + value, 0) / scores.length;
    expect(mean(people.map(([one, other]) => score(one, other)))).toBeGreaterThan(1);
    expect(mean(people.slice(1).map(([one], i) => score(one, people[i]![1])))).toBeLessThan(-1);
  });

  it('refuses vectors that are no projections of this background', () => {
    expect(() => score(new Float32Array(12), new Float32Array(11))).toThrow(RangeError);
  });
});
