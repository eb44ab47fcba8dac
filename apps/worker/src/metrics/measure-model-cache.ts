import type { Metrics } from '@facehash/metrics';
import type { ModelCache } from '../model-cache.js';

/** The same cache, its hits and its size counted. */
export function measureModelCache(metrics: Metrics, cache: ModelCache): ModelCache {
  const uses = metrics.counter({
    name: 'facehash_worker_model_cache_uses_total',
    help: 'Uses of a key model: `hit` where it was in memory or being loaded, `miss` where this use loaded it.',
    labels: ['outcome'],
  });
  metrics.gauge({
    name: 'facehash_worker_model_cache_models',
    help: 'Key models in memory; the most is FACEHASH_CACHED_MODELS.',
    labels: [],
    read: () => [{ labels: {}, value: cache.size() }],
  });
  return {
    ...cache,
    use(keyId, version, task) {
      uses({ outcome: cache.has(keyId, version) ? 'hit' : 'miss' });
      return cache.use(keyId, version, task);
    },
  };
}
