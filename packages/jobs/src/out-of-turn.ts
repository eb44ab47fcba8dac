/**
 * Ends a run that cannot go on before another job of its key has ended. It is begun again later, as if it had never been:
 * no attempt is counted. Handlers let it pass.
 */
export class OutOfTurn extends Error {
  override readonly name = 'OutOfTurn';
}

/** A short wait is noticed soon, and a thousand jobs that wait for minutes do not keep the workers busy with asking. */
const LOOK_AGAIN_MS = { least: 250, most: 2_000, shareOfWait: 0.25 };

/** When a job that has waited so long is worth another look. */
export function lookAgainMs(waitedMs: number): number {
  const { least, most, shareOfWait } = LOOK_AGAIN_MS;
  return Math.min(most, Math.max(least, Math.round(waitedMs * shareOfWait)));
}
