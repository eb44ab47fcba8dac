import { z } from 'zod';

/**
 * Neither C0 nor C1 controls; `\p{Cc}` says the same, but not to every program that reads the pattern in the API's
 * document.
 */
export const NO_CONTROLS = /^[^\u0000-\u001f\u007f-\u009f]+$/;

/** The caller's name of a subject: 1 to 128 characters, no control characters, not only spaces. One spelling of accents (NFC): one person. */
export const labelSchema = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1)
  .max(128)
  .regex(NO_CONTROLS, 'a label holds no control characters');
