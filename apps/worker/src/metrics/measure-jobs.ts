import { ERROR_CODES, ERROR_TABLE } from '@facehash/contracts';
import { JOB_NAMES, type JobObserver } from '@facehash/jobs';
import type { Metrics } from '@facehash/metrics';

/** From a photo on an idle worker to a training behind a long backlog. */
const QUEUE_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];

/** A recognition takes tens of milliseconds, a fit seconds; the last is the timeout of a training. */
const RUN_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** What the consumer tells, as metrics. */
export function measureJobs(metrics: Metrics): JobObserver {
  const jobs = metrics.counter({
    name: 'facehash_worker_jobs_total',
    help: 'Attempts at jobs, by how they ended; `again` is followed by another attempt.',
    labels: ['type', 'outcome'],
  });
  const queued = metrics.histogram({
    name: 'facehash_worker_queue_seconds',
    help: "From sending a job to its first attempt, by the two machines' clocks; for `train` its batches are part of it.",
    labels: ['type'],
    buckets: QUEUE_BUCKETS_S,
  });
  const ran = metrics.histogram({
    name: 'facehash_worker_run_seconds',
    help: 'One attempt at a job, its record keeping included.',
    labels: ['type'],
    buckets: RUN_BUCKETS_S,
  });
  const failures = metrics.counter({
    name: 'facehash_worker_failures_total',
    help: "Jobs that failed for good, by their error's code.",
    labels: ['code'],
  });
  const stalled = metrics.counter({
    name: 'facehash_worker_stalled_jobs_total',
    help: 'Jobs whose worker died or froze, as the worker that noticed counts them.',
    labels: ['type'],
  });
  // An alert sees a counter grow, not appear; nobody is woken for a damaged photo.
  for (const code of ERROR_CODES) if (ERROR_TABLE[code].status >= 500) failures({ code }, 0);
  for (const type of JOB_NAMES) stalled({ type }, 0);

  return {
    started(type, queueMs) {
      queued({ type }, queueMs / 1000);
    },
    ended(type, outcome, runMs) {
      jobs({ type, outcome });
      ran({ type }, runMs / 1000);
    },
    gaveUp(_type, code) {
      failures({ code });
    },
    stalled(type) {
      stalled({ type });
    },
  };
}
