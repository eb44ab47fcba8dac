import type { JobClient } from '@facehash/jobs';
import type { Metrics } from '@facehash/metrics';

/** Three metrics from one look at Redis: all are asked for by the same scrape, at the same time. */
const SAME_SCRAPE_MS = 500;

/** Every gateway tells the same numbers, so a dashboard takes the maximum over them, not the sum. */
export function measureQueues(metrics: Metrics, jobs: Pick<JobClient, 'queueDepths'>): void {
  let last: { readonly at: number; readonly depths: ReturnType<JobClient['queueDepths']> } | undefined;
  const look = () => {
    if (last === undefined || performance.now() - last.at > SAME_SCRAPE_MS) {
      last = { at: performance.now(), depths: jobs.queueDepths() };
    }
    return last.depths;
  };

  metrics.gauge({
    name: 'facehash_redis_up',
    help: 'Whether Redis answered this gateway just now: 1 or 0.',
    labels: [],
    read: async () => [
      {
        labels: {},
        value: await look().then(
          () => 1,
          () => 0,
        ),
      },
    ],
  });
  metrics.gauge({
    name: 'facehash_queue_jobs',
    help: 'Jobs in a queue, by state.',
    labels: ['queue', 'state'],
    read: async () =>
      (await look()).flatMap((depth) =>
        Object.entries(depth.jobs).map(([state, value]) => ({
          labels: { queue: depth.queue, state },
          value,
        })),
      ),
  });
  metrics.gauge({
    name: 'facehash_queue_oldest_waiting_seconds',
    help: 'How long the oldest waiting job of a queue has waited; 0 when none waits.',
    labels: ['queue'],
    read: async () =>
      (await look()).map(({ queue, oldestWaitingMs }) => ({
        labels: { queue },
        value: oldestWaitingMs / 1000,
      })),
  });
}
