import { describe, expect, it } from '@jest/globals';
import { classify } from './classify.js';

const card = {
  threshold: 4,
  labels: ['ann', 'bob', 'cem', 'dia', 'eva', 'fay'].map((label) => ({ subjectId: label, label, photos: 3 })),
};

describe('classify', () => {
  it('names the best label from the threshold on', () => {
    expect(classify(Float32Array.of(-9, 4, 1, 0, -1, -2), card)).toMatchObject({
      label: 'bob',
      confidence: 0.5,
    });
  });

  it('knows nobody below the threshold, and still lists whom it thought of', () => {
    const answer = classify(Float32Array.of(-9, 3.9, 1, 0, -1, -2), card);
    expect(answer.label).toBeNull();
    expect(answer.confidence).toBeLessThan(0.5);
    expect(answer.candidates.map(({ label }) => label)).toEqual(['bob', 'cem', 'dia', 'eva', 'fay']);
  });

  it('stays within 0 and 1 for scores far from the threshold', () => {
    const { candidates } = classify(Float32Array.of(2000, -2000, 0, 0, 0, 0), card);
    expect(candidates[0]?.confidence).toBe(1);
    expect(classify(Float32Array.of(-2000, -3000, -3000, -3000, -3000, -3000), card).confidence).toBe(0);
  });

  it('refuses scores of another model', () => {
    expect(() => classify(Float32Array.of(1), card)).toThrow('1 scores for 6 labels');
  });
});
