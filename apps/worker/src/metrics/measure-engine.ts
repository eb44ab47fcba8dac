import type { Metrics } from '@facehash/metrics';

/** What computes in this worker, as labels of a metric that is always 1: workers differ when one of them has no GPU. */
export function measureEngine(
  metrics: Metrics,
  labels: { engine: string; backend: string; device: 'cpu' | 'gpu' },
): void {
  metrics.gauge({
    name: 'facehash_worker_engine_info',
    help: 'Always 1; says what computes embeddings (`engine`) and key models (`backend`), and whether TensorFlow.js has a GPU (`device`).',
    labels: ['engine', 'backend', 'device'],
    read: () => [{ labels, value: 1 }],
  });
}
