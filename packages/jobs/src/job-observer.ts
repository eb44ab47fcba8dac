import type { ErrorCode } from '@facehash/contracts';
import type { JobName } from './catalogue.js';

/** What a consumer tells whoever measures it. `again` = this attempt failed and another one follows. */
export interface JobObserver {
  /** `queueMs`: from being sent to its first attempt; for `train` its batches are part of it. By two machines' clocks. */
  started(name: JobName, queueMs: number): void;
  ended(name: JobName, outcome: 'succeeded' | 'failed' | 'again', runMs: number): void;
  /** A job will not be tried again; `code` is in its record. Told before `ended`. */
  gaveUp(name: JobName, code: ErrorCode): void;
  /** A worker died, or froze, with a job, which starts again. Told by the worker that noticed. */
  stalled(name: JobName): void;
}
