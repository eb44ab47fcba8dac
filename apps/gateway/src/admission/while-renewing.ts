import type { Logger } from 'pino';

/** A third of the lease of 30 s: two renewals may fail. */
const RENEW_MS = 10_000;

/** Renews a lease for as long as `work` takes: an upload may take minutes. */
export async function whileRenewing<T>(
  renew: () => Promise<void>,
  logger: Pick<Logger, 'warn'>,
  work: () => Promise<T>,
): Promise<T> {
  const renewal = setInterval(() => {
    renew().catch((error: unknown) => {
      logger.warn({ err: error }, 'the place of a request could not be renewed');
    });
  }, RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
  }
}
