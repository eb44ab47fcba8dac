import { consentSchema, type Consent } from '@facehash/contracts';
import { readFile } from 'node:fs/promises';

/** @throws Error naming the file and what is wrong with it */
export async function readConsent(path: string): Promise<Consent> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path}: expected a file with JSON; ${(cause as Error).message}`, { cause });
  }
  const parsed = consentSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`);
  throw new Error(`${path}: this is no record of consent: ${reasons.join('; ')}`);
}
