/** Anything with memory outside of JavaScript's heap. */
interface Releasable {
  release(): void;
}

/** Puts a matrix into the scope's care and returns it. */
export type Own = <T extends Releasable>(mat: T) => T;

/**
 * Runs `work` and then releases every matrix it owned, also when it throws. Matrices left to the garbage collector end
 * the process after some hundred photos (`Check failed: marking_done_`), so none is made outside of such a scope.
 */
export async function withMats<T>(work: (own: Own) => Promise<T>): Promise<T> {
  const owned: Releasable[] = [];
  try {
    return await work((mat) => {
      owned.push(mat);
      return mat;
    });
  } finally {
    for (const mat of owned) mat.release();
  }
}
