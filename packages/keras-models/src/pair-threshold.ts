import type { Background } from './background/background.js';

/** By background, for another one needs another measurement. */
const THRESHOLDS: Readonly<Partial<Record<string, number>>> = {
  'ratios-3225a087986a5b9d': 3.8,
};

/**
 * From which score of `pairLlr` two photos are said to show one person: reached by 1 % of the pairs of strangers among the
 * people of LFW whom the background does not know (`pnpm bench verify`, 2026-11-24: 3.79 ± .16 from halves of 34 people).
 * @throws RangeError when none was measured for this background
 */
export function pairThreshold({ id }: Pick<Background, 'id'>): number {
  const threshold = THRESHOLDS[id];
  if (threshold === undefined) {
    throw new RangeError(
      `no threshold of pairs was measured for ${id}; measure one with 'pnpm bench verify'`,
    );
  }
  return threshold;
}
