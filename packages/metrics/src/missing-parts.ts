import { setTimeout as sleep } from 'node:timers/promises';

export interface MissingPart {
  readonly name: string;
  readonly reason: string;
}

/** Probes give up after a few seconds; an answer that names what is missing must come before that. */
const CHECK_MS = 2000;

/** What of a process' surroundings does not answer now, or not in time; [] = all of them do. */
export async function missingParts(
  checks: Readonly<Record<string, Promise<unknown>>>,
): Promise<MissingPart[]> {
  const parts = await Promise.all(Object.entries(checks).map(([name, check]) => missingPart(name, check)));
  return parts.filter((part) => part !== undefined);
}

async function missingPart(name: string, check: Promise<unknown>): Promise<MissingPart | undefined> {
  const waiting = new AbortController();
  const tooLate = sleep(CHECK_MS, undefined, { signal: waiting.signal }).then(() => {
    throw new Error(`no answer within ${CHECK_MS} ms`);
  });
  try {
    await Promise.race([check, tooLate]);
    return undefined;
  } catch (error) {
    return { name, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    tooLate.catch(() => undefined);
    waiting.abort();
  }
}
