/**
 * How a caller may have the largest face searched: `balanced` looks for large faces first and coarsely, `thorough` for
 * small ones from the start, which takes several times as long where there is a large one; `fast` gives up early.
 */
export const DETECTION_PROFILE_NAMES = ['fast', 'balanced', 'thorough'] as const;

export type DetectionProfileName = (typeof DETECTION_PROFILE_NAMES)[number];
