import { connectRedis, describeRedisUrl, requireRedis } from '@facehash/jobs';
import { openStorage } from '@facehash/storage';
import { runChecks, runChecksOn, type Finding } from './check.js';
import { onEveryServer } from './every-redis-server.js';
import { GATEWAY_CHECK } from './gateway-check.js';
import { MACHINE_CHECKS } from './machine-checks.js';
import { PROCESS_CHECKS } from './process-checks.js';
import { REDIS_CHECKS } from './redis-checks.js';
import type { DoctorSettings } from './settings.js';
import { STORAGE_CHECKS } from './storage-checks.js';
import { isWorkerInstalled, WORKER_FILE_CHECKS } from './worker-file-checks.js';

const REDIS_WAIT_MS = 3_000;
// What Redis would be warned about at a start is a finding here.
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Everything the service stands on, from the machine up. Changes nothing, but for a probe that is deleted again. */
export async function examine(settings: DoctorSettings): Promise<Finding[]> {
  return [
    ...(await runChecks(MACHINE_CHECKS, settings)),
    ...(isWorkerInstalled() ? await runChecks(WORKER_FILE_CHECKS, settings) : []),
    ...(await runChecksOn({
      name: 'Redis answers',
      advice: 'Start redis-server, or correct FACEHASH_REDIS_URL; facehash up brings its own.',
      checks: [...REDIS_CHECKS.map(onEveryServer), ...PROCESS_CHECKS],
      async open() {
        const redis = connectRedis(settings.redisUrl, 'gateway');
        try {
          await requireRedis(redis, SILENT, REDIS_WAIT_MS);
        } catch (error) {
          redis.disconnect();
          throw error;
        }
        return { subject: redis, detail: describeRedisUrl(settings.redisUrl), close: () => redis.quit() };
      },
    })),
    ...(await runChecksOn({
      name: 'Storage answers',
      advice: 'Start the object storage, or correct FACEHASH_STORAGE_URL.',
      checks: STORAGE_CHECKS,
      async open() {
        const storage = await openStorage(settings.storageUrl);
        await storage.check();
        return { subject: storage, detail: storage.description, close: () => storage.close() };
      },
    })),
    ...(await runChecks([GATEWAY_CHECK], settings)),
  ];
}
