/** The smallest value that this share of all does not exceed (nearest rank); NaN of none. */
export const percentile = (ascending: readonly number[], share: number): number =>
  ascending[Math.ceil(share * ascending.length) - 1] ?? NaN;
