import type { WebhookObserver } from '@facehash/jobs';
import type { Metrics } from '@facehash/metrics';

/** Up to the 15 s that a receiver has. */
const BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

/** How deliveries go; how many wait is told by the metrics of the queue `webhook`. */
export function measureWebhooks(metrics: Metrics): WebhookObserver {
  const deliveries = metrics.counter({
    name: 'facehash_webhook_deliveries_total',
    help: 'Webhook deliveries that ended for good, by how.',
    labels: ['outcome'],
  });
  // An alert sees a counter grow, not appear.
  for (const outcome of ['succeeded', 'failed', 'canceled']) deliveries({ outcome }, 0);
  const seconds = metrics.histogram({
    name: 'facehash_webhook_attempt_seconds',
    help: 'One attempt at a delivery, from resolving the name to the status of the answer.',
    labels: ['outcome'],
    buckets: BUCKETS_S,
  });
  return {
    attempted(outcome, ms) {
      seconds({ outcome }, ms / 1000);
    },
    ended(outcome) {
      deliveries({ outcome });
    },
  };
}
