import type { FaceHashError } from './facehash-error.js';

export interface Repetition {
  /** Whether sending it twice does no more than sending it once: a GET, or a POST with a key of its own. */
  readonly isRepeatable: boolean;
  readonly whileTraining: WhileTraining;
  /** Tries that failed before this one; refusals because of a training not counted. */
  readonly failures: number;
  readonly maxRetries: number;
}

/** What a refusal because the key's model is being trained leads to. */
export type WhileTraining = 'fail' | 'wait';

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 10_000;
/** Whoever is told to come back later than this is better served by the error. */
const MAX_RETRY_AFTER_S = 60;
const DEFAULT_RETRY_AFTER_S = 1;

/**
 * How long to wait before the request is sent again, milliseconds; undefined = not at all.
 * @param random 0 to 1: callers that failed together must not come back together
 */
export function retryDelayMs(
  failure: FaceHashError,
  { isRepeatable, whileTraining, failures, maxRetries }: Repetition,
  random: () => number = Math.random,
): number | undefined {
  const { status, code, retryAfterS } = failure;
  if (code === 'MODEL_TRAINING' || code === 'TRAINING_IN_PROGRESS') {
    // Nothing was begun, so this is safe without a key of its own; a training ends, so it needs no bound.
    return whileTraining === 'wait' ? (retryAfterS ?? DEFAULT_RETRY_AFTER_S) * 1000 : undefined;
  }
  if (!isRepeatable || failures >= maxRetries) return undefined;
  const backOffMs = random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
  if (status === undefined) return backOffMs;
  // 409: the first try of the same request is still on its way in.
  const isWorthIt = status === 429 || status === 503 || (status === 409 && failure.retryable);
  if (!isWorthIt || retryAfterS === undefined || retryAfterS > MAX_RETRY_AFTER_S) return undefined;
  return retryAfterS * 1000 + backOffMs;
}
