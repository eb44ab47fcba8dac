/** How a key's model is fitted. */
export const FIT_METHODS = [
  /** Solved for, from the key's statistics and what is known about people in general. */
  'closed_form',
  /** Then trained for a few epochs from there, and kept unless it names fewer photos that were held out. */
  'refined',
] as const;

export type FitMethod = (typeof FIT_METHODS)[number];
