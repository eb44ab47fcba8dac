import { z } from 'zod';
import type { ModelCard, Realised } from './model-card.js';

/** Thresholds a key's model chooses by itself, by the share of strangers it may give a name, nominally. */
export const TARGET_FPIR = { strict: 0.01, balanced: 0.05 } as const;

export type ThresholdName = keyof typeof TARGET_FPIR;

export const THRESHOLD_NAMES = ['strict', 'balanced'] as const satisfies readonly ThresholdName[];

/** Scores are log-likelihood ratios: e^100 to one is beyond all doubt, in both directions. */
const MAX_THRESHOLD = 100;

/** A score. */
export const thresholdScoreSchema = z.number().min(-MAX_THRESHOLD).max(MAX_THRESHOLD);

/** What decides from which score a name is given: one of the model's own thresholds, or a score of the caller's. */
export const thresholdSettingSchema = z.union([z.enum(THRESHOLD_NAMES), thresholdScoreSchema]);

export type ThresholdSetting = z.infer<typeof thresholdSettingSchema>;

/** Not by `z.coerce`, which takes an empty field for 0. */
const toScore = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/** A score as a text field of a form. */
export const thresholdScoreFieldSchema = z.string().transform(toScore).pipe(thresholdScoreSchema);

/** A setting as a text field of a form. */
export const thresholdFieldSchema = z.union([z.enum(THRESHOLD_NAMES), thresholdScoreFieldSchema]);

/** The score that a setting comes to with a model, and what that does to the key's own photos; null = not known. */
export function thresholdOf(
  setting: ThresholdSetting,
  { threshold, realised, balanced }: Pick<ModelCard, 'threshold' | 'realised' | 'balanced'>,
): { threshold: number; realised: Realised | null } {
  if (typeof setting === 'number') return { threshold: setting, realised: null };
  return setting === 'balanced' && balanced !== undefined ? balanced : { threshold, realised };
}
