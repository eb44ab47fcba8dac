import { z } from 'zod';

/** The caller's name of a subject: 1 to 128 characters, no control characters, not only spaces. One spelling of accents (NFC): one person. */
export const labelSchema = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}]+$/u, 'a label holds no control characters');
