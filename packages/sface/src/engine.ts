/** Something that runs the network. All engines agree (`checkEngine`). */
export interface EmbeddingEngine {
  /** Which library, and on what it runs, for the log. */
  readonly name: string;
  /**
   * @param faces n × 112 × 112 grey values, row by row, aligned faces one after the other
   * @returns n × 128 numbers. Not of length 1: the length tells a face (median 12.4) from what is none (below 8).
   * Calls may overlap; they run one after the other.
   */
  embed(faces: Uint8Array): Promise<Float32Array>;
  close(): void;
}

/** Runs work that must not overlap in the order it came. */
export function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
