import { z } from 'zod';
import { idSchema } from './ids.js';

/** Python Keras 3, its older format that other tools read, and TensorFlow.js. */
export const MODEL_FORMATS = ['keras', 'h5', 'tfjs'] as const;

export type ModelFormat = (typeof MODEL_FORMATS)[number];

/** A version of a key's model, or whichever is in force. */
export const modelVersionSchema = z.union([z.literal('current'), idSchema('model')]);

export const modelDownloadQuerySchema = z.strictObject({
  format: z
    .enum(MODEL_FORMATS)
    .default('keras')
    .describe(
      '`keras`: for Python Keras 3. `h5`: its older format. `tfjs`: a zip of `model.json` and `weights.bin` for TensorFlow.js.',
    ),
});

/**
 * What the numbers of a downloaded model mean: `facehash.json` in its archive, the attribute `facehash` of an .h5.
 * A name is given where the largest output reaches `threshold`.
 */
export interface ModelFileAbout {
  readonly version: string;
  readonly features: string;
  readonly threshold: number;
  /** In the order of the outputs; the label is null where the person has been deleted since. */
  readonly labels: readonly { readonly label: string | null; readonly subject_id: string }[];
  readonly trained_at: string;
}
