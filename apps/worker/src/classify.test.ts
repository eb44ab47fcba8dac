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

  it('gives neither of two names too close to call, and lists both', () => {
    const close = classify(Float32Array.of(-9, 8, 6, 0, -1, -2), card);
    expect(close).toMatchObject({
      label: null,
      ambiguous: true,
      candidates: [{ label: 'bob' }, { label: 'cem' }, {}, {}, {}],
    });
    // The second need not reach the threshold to make the first doubtful.
    expect(classify(Float32Array.of(-9, 4.5, 3.5, 0, -1, -2), card).ambiguous).toBe(true);
    expect(classify(Float32Array.of(-9, 8, 5.8, 0, -1, -2), card)).toMatchObject({
      label: 'bob',
      ambiguous: false,
    });
  });

  it('calls nothing ambiguous where nobody would have been named', () => {
    expect(classify(Float32Array.of(-9, 3.9, 3.8, 0, -1, -2), card)).toMatchObject({
      ...{ label: null, ambiguous: false },
    });
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
