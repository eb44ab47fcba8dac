import { strict as assert } from 'node:assert';
import { isEnded, type Job } from '@facehash/contracts';

/** What a key knows of a job it has sent. */
export interface JobHistory {
  readonly id: string;
  /** As last seen; `receivedAt` tells which answers are newer. */
  last: { job: Job; receivedAt: number };
  /** As JSON, once it has ended: nothing changes it any more. */
  final: string | undefined;
  /** Whether its record is deleted: by its owner, or with a person it named. */
  gone: 'no' | 'maybe' | 'yes';
  /** Labels a result of it may hold. */
  readonly labels: Set<string>;
  canceledByUs: boolean;
  /** What its result must be like, beyond what all results must. */
  readonly expect: ((job: Job) => void) | undefined;
}

export interface JobHistories {
  readonly all: ReadonlyMap<string, JobHistory>;
  accepted(job: Job, labels: Iterable<string>, expect?: (job: Job) => void): JobHistory;
  /** @throws AssertionError when the job went back, ended twice, or changed after its end */
  saw(job: Job, sentAt: number): void;
}

const RANK = { queued: 0, processing: 1, succeeded: 2, failed: 2, canceled: 2, expired: 2 };

export function createJobHistories(): JobHistories {
  const all = new Map<string, JobHistory>();
  return {
    all,
    accepted(job, labels, expect) {
      assert(!all.has(job.id), `${job.id} was given out twice`);
      const history: JobHistory = {
        id: job.id,
        last: { job, receivedAt: 0 },
        ...{ final: undefined, gone: 'no', labels: new Set(labels), canceledByUs: false, expect },
      };
      all.set(job.id, history);
      this.saw(job, 1);
      return history;
    },
    saw(job, sentAt) {
      const history = all.get(job.id);
      assert(history !== undefined, `a job that this key never sent: ${job.id}`);
      assert(history.gone !== 'yes', `a deleted job is still told: ${JSON.stringify(job)}`);
      if (history.final !== undefined) {
        // An answer may be older than the end we know of.
        if (sentAt > history.last.receivedAt) assert.equal(JSON.stringify(job), history.final);
        return;
      }
      if (sentAt > history.last.receivedAt) assertFollows(history.last.job, job);
      history.last = { job, receivedAt: performance.now() };
      if (!isEnded(job.status)) return;
      assertEnd(job, history);
      history.final = JSON.stringify(job);
    },
  };
}

export function assertFollows(
  before: Pick<Job, 'status' | 'progress'>,
  after: Pick<Job, 'status' | 'progress'>,
): void {
  const told = `${JSON.stringify(before)} then ${JSON.stringify(after)}`;
  assert(RANK[before.status] <= RANK[after.status], told);
  assert(before.progress.percent <= after.progress.percent, told);
}

function assertEnd(job: Job, history: JobHistory): void {
  const told = JSON.stringify(job);
  assert.equal(
    (job.result === null) !== (job.error === null),
    true,
    `exactly one of result and error: ${told}`,
  );
  assert.equal(job.status === 'succeeded', job.result !== null, told);
  assert.equal(job.status === 'canceled', job.error?.code === 'JOB_CANCELED', told);
  assert(job.status !== 'canceled' || history.canceledByUs, `nobody cancelled ${told}`);
  assert(job.completed_at !== null && job.created_at <= job.completed_at, told);
  for (const [, label] of told.matchAll(/"label":("(?:[^"\\]|\\.)*")/g)) {
    const named = JSON.parse(label!) as string;
    assert(history.labels.has(named), `${named} is nobody of ${[...history.labels].join(', ')}: ${told}`);
  }
  history.expect?.(job);
}
