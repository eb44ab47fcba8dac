import { describe, expect, it } from '@jest/globals';
import { drawPeople, syntheticBackground } from '../synthetic-people.js';
import { bestScores } from './best-scores.js';
import { allToAxes, bestScore } from './classifier.js';
import { fitKeyModel } from './fit-key-model.js';

describe('bestScores', () => {
  // Odd numbers of everything: the product goes by twos, and 257 is one more than is scored together.
  it.each([1, 2, 257])('finds for %d vectors what scoring one after the other finds', async (n) => {
    const background = syntheticBackground({ size: 30, rank: 13, seed: 1 });
    const enrolled = drawPeople(background, 7, (person) => 1 + (person % 3), 2);
    const { classifier, photos } = await fitKeyModel(background, enrolled);
    const x = allToAxes(
      classifier,
      drawPeople(background, n, 1, 3).map(({ rows }) => rows),
    );
    const scores = bestScores(classifier, photos, x);
    expect(scores).toHaveLength(n);
    scores.forEach((score, at) => {
      expect(score).toBeCloseTo(bestScore(classifier, x.subarray(at * 13, (at + 1) * 13)), 9);
    });
  });
});
