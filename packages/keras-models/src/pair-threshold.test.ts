import { describe, expect, it } from '@jest/globals';
import { shippedBackground } from './background/shipped-background.js';
import { pairThreshold } from './pair-threshold.js';

describe('the threshold of pairs', () => {
  it('was measured for the background that is shipped', async () => {
    expect(pairThreshold(await shippedBackground('ratios'))).toBeGreaterThan(0);
  });

  it('is not taken over for a background it was not measured for', () => {
    expect(() => pairThreshold({ id: 'ratios-0000000000000000' })).toThrow('pnpm bench verify');
  });
});
