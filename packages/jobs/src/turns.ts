export interface Turns {
  /** Runs beside others of its kind. */
  readonly together: <T>(work: () => Promise<T>) => Promise<T>;
  /** Runs when everything before it has ended, and before anything after it begins. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
}

/** A fair lock: nobody overtakes a turn that wants to be alone, so none waits for ever. */
export function createTurns(): Turns {
  let lastAlone: Promise<unknown> = Promise.resolve();
  const since = new Set<Promise<unknown>>();
  return {
    together(work) {
      const turn = lastAlone.then(work);
      const ended = turn.catch(() => undefined).finally(() => since.delete(ended));
      since.add(ended);
      return turn;
    },
    alone(work) {
      const turn = Promise.all([lastAlone, ...since]).then(work);
      lastAlone = turn.catch(() => undefined);
      since.clear();
      return turn;
    },
  };
}
