/** Numbers taken from a face that a key's model can be made of. */
export const FEATURE_SET_NAMES = ['ratios', 'embedding'] as const;

export type FeatureSetName = (typeof FEATURE_SET_NAMES)[number];

/** What a key asks for; `auto` = whichever its own photos speak for, chosen at every training. */
export const WANTED_FEATURES = [...FEATURE_SET_NAMES, 'auto'] as const;

export type WantedFeatures = (typeof WANTED_FEATURES)[number];
