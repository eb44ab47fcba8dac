import { z } from 'zod';
import { jsonTextSchema } from './job-fields.js';
import { NO_CONTROLS } from './label.js';

const words = (max: number) =>
  z.string().trim().min(1).max(max).regex(NO_CONTROLS, 'expected no control characters');

/** By what right a person is enrolled, as the caller has recorded it. The text and the proof themselves stay with the caller. */
export const consentSchema = z.strictObject({
  /** Such as `explicit_consent`, or `written_release`. */
  basis: words(64),
  /** Which text the person agreed to. */
  text_version: words(128),
  obtained_at: z.iso.datetime({ offset: true }),
  /** Where the proof is to be found. */
  evidence_ref: words(512).optional(),
});

export type Consent = z.infer<typeof consentSchema>;

/** As a text field of a form. */
export const consentFieldSchema = jsonTextSchema
  .pipe(consentSchema)
  .optional()
  .describe(
    'JSON with `basis`, `text_version`, `obtained_at` and, if there is one, `evidence_ref`: kept with the person, in place of what was there. ' +
      'A key may require it (`require_consent`).',
  );
