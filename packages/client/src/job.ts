import type { EraseResult, Job, JobStatus, RecognizeResult, TrainResult } from '@facehash/contracts';

/** A job whose result is known by the call that made it. */
export type JobOf<Result> = Omit<Job, 'result'> & { readonly result: Result | null };

export type AnyResult = NonNullable<Job['result']>;

export type JobProgress = Job['progress'];

export type { EraseResult, Job, JobStatus, RecognizeResult, TrainResult };

/** Typed by contracts, but written here: importing the function would bring the schemas into every browser. */
export const hasEnded = (status: JobStatus): boolean => status !== 'queued' && status !== 'processing';
