/** What the parts of a gateway are told that is asked to stop, in this order. */
export interface Stopping {
  /** Callers should go to another gateway from now on; those who come are served. */
  readonly asked: AbortSignal;
  /** Who still waits for a job is to be answered with what there is. */
  readonly waitsEnd: AbortSignal;
}
