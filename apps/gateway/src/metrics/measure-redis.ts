import type { JobClient } from '@facehash/jobs';
import type { Metrics } from '@facehash/metrics';

/** Results of jobs lie in Redis' memory until their time is up; when it is full, nothing is accepted any more. */
export function measureRedis(metrics: Metrics, jobs: Pick<JobClient, 'redisMemory'>): void {
  metrics.gauge({
    name: 'facehash_redis_memory_bytes',
    help: "Memory that Redis' data takes.",
    labels: [],
    read: async () => [{ labels: {}, value: (await jobs.redisMemory()).usedBytes }],
  });
  metrics.gauge({
    name: 'facehash_redis_memory_max_bytes',
    help: 'Where Redis refuses writes (`maxmemory`); 0 = it has no limit of its own.',
    labels: [],
    read: async () => [{ labels: {}, value: (await jobs.redisMemory()).maxBytes }],
  });
}
