import { AppError, isEnded, type JobType } from '@facehash/contracts';
import { JOB_CATALOGUE } from './catalogue.js';
import type { JobRecord } from './record-fields.js';
import type { JobRecords } from './records.js';

/** Where the queue has a job; BullMQ's words, `unknown` = it has none of this id. */
export type QueueState =
  'completed' | 'failed' | 'delayed' | 'active' | 'prioritized' | 'waiting' | 'waiting-children' | 'unknown';

/** Longer than the gap between writing a record and enqueuing its job, so that a young job is not called lost. */
const GRACE_MS = 10_000;

/** What an attempt may take beyond its timeout: finding a dead worker's job (7 s) and starting it again. */
const OVERRUN_MS = 30_000;

/**
 * Why a job that has not ended never will; undefined while it still can. A worker ends the record before the
 * queue forgets or fails the job, so a record that disagrees with the queue has been left alone.
 */
export function verdictOn(type: JobType, state: QueueState, idleMs: number): AppError | undefined {
  switch (state) {
    case 'unknown':
    case 'completed':
      return new AppError('JOB_LOST', 'The job is no longer in the queue; send the request again.');
    case 'failed':
      return new AppError('WORKER_CRASHED', 'The job was given up after ending its worker several times.');
    case 'active':
      // Only when the worker is frozen and no other one is there to notice.
      if (idleMs < JOB_CATALOGUE[type].timeoutMs + OVERRUN_MS) return undefined;
      return new AppError('JOB_TIMED_OUT', `The worker was silent for ${Math.round(idleMs / 1000)} s.`);
    case 'delayed':
    case 'prioritized':
    case 'waiting':
    case 'waiting-children':
      return undefined;
  }
}

/**
 * Reads records and settles those that nobody else will end any more: whoever looks at a job sees it end.
 * The queue is asked only about jobs that have been silent for a while, so a read is one round trip.
 */
export function createSettledRead(o: {
  records: Pick<JobRecords, 'read' | 'finish'>;
  stateOf: (type: JobType, jobId: string) => Promise<QueueState>;
  graceMs?: number;
}): (jobId: string) => Promise<JobRecord | undefined> {
  const { records, stateOf, graceMs = GRACE_MS } = o;
  return async (jobId) => {
    const record = await records.read(jobId);
    if (record === undefined || isEnded(record.job.status) || record.idleMs < graceMs) return record;
    const error = verdictOn(record.job.type, await stateOf(record.job.type, jobId), record.idleMs);
    if (error === undefined) return record;
    await records.finish(jobId, { error }); // false when it ended just now: then that is its end
    return records.read(jobId);
  };
}
