/** A third of the lease of 30 s: two renewals may fail. */
const RENEW_MS = 10_000;

/** Renews a lease for as long as `work` takes: an upload may take minutes. */
export async function whileRenewing<T>(
  { renew, failed }: { renew: () => Promise<void>; failed: (error: unknown) => void },
  work: () => Promise<T>,
): Promise<T> {
  const renewal = setInterval(() => {
    renew().catch(failed);
  }, RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
  }
}
