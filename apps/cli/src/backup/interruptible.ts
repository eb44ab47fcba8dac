const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Does work that Ctrl-C ends early but not at once, so that it can put away what it began. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const stop = (): void => {
    interrupt.abort(new Error('interrupted.'));
  };
  for (const name of SIGNALS) process.on(name, stop);
  try {
    return await work(interrupt.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
  }
}
