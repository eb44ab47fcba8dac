import type { Queue } from 'bullmq';
import type { JobName } from './catalogue.js';

/** How busy one queue is. */
export interface QueueDepth {
  readonly queue: JobName | 'webhook';
  /** `blocked` = a training whose batches have not all ended. */
  readonly jobs: Readonly<Record<'waiting' | 'active' | 'delayed' | 'blocked', number>>;
  /** Since the job that has waited longest was sent; 0 when nobody waits. */
  readonly oldestWaitingMs: number;
}

/**
 * The oldest job is its key's next, and every key's next is among the first: more keys than this have seldom jobs that wait
 * in one queue.
 */
const HEADS = 100;

/** Three round trips a queue: for a scrape every few seconds, not for every request. */
export async function queueDepth(
  name: QueueDepth['queue'],
  queue: Queue,
  now = Date.now,
): Promise<QueueDepth> {
  const [counts, oldest] = await Promise.all([
    queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'waiting-children'),
    queue.getJobs(['waiting', 'prioritized'], 0, HEADS - 1, true),
  ]);
  const sent = oldest.map(({ timestamp }) => timestamp);
  return {
    queue: name,
    jobs: {
      waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0),
      active: counts.active ?? 0,
      delayed: counts.delayed ?? 0,
      blocked: counts['waiting-children'] ?? 0,
    },
    // The clocks of two gateways may differ by more than a job has waited.
    oldestWaitingMs: sent.length === 0 ? 0 : Math.max(0, now() - Math.min(...sent)),
  };
}
