import type { JobName } from './catalogue.js';

/** What a consumer tells whoever measures it. `again` = this attempt failed and another one follows. */
export interface JobObserver {
  /** `queueMs`: from being sent to its first attempt; for `train` its batches are part of it. By two machines' clocks. */
  started(name: JobName, queueMs: number): void;
  ended(name: JobName, outcome: 'succeeded' | 'failed' | 'again', runMs: number): void;
}
