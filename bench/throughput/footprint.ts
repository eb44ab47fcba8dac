import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@facehash/client';
import { connectRedis } from '@facehash/jobs';
import { apiKeys, type ObjectStorage } from '@facehash/storage';
import type { Service } from '../../tests/e2e/start-service.js';

/**
 * Redis' memory by records of jobs that have ended and by jobs that wait, in bytes each. Ends the service's workers, so that
 * jobs wait; nobody works afterwards.
 */
export async function redisBytesPerJob(
  service: Service,
  { secret, image, jobs }: { secret: string; image: Uint8Array; jobs: number },
): Promise<{ ended: number; waiting: number }> {
  const client = createClient({ url: service.url, key: secret });
  const redis = connectRedis(service.redis.url, 'worker');
  const used = async (): Promise<number> =>
    Number(/^used_memory:(\d+)/m.exec(String(await redis.call('INFO', 'memory')))?.[1]);
  /** Of connections and buffers there are as many before as after. */
  const growth = async (send: () => Promise<void>): Promise<number> => {
    const before = await used();
    for (let at = 0; at < jobs; at++) await send();
    // The queue forgets a job a moment after its record has ended.
    await sleep(2000);
    return Math.round(((await used()) - before) / jobs);
  };
  try {
    const ended = await growth(async () => {
      await (await client.recognize(image)).result();
    });
    for (const worker of service.workers) {
      worker.kill('SIGTERM');
      await once(worker, 'exit');
    }
    const waiting = await growth(async () => {
      await client.recognize(image, { waitS: 0 });
    });
    return { ended, waiting };
  } finally {
    redis.disconnect();
  }
}

/** What a key's enrolment takes in the storage, by folder: objects and their bytes, without a file system's blocks. */
export async function storedBytes(
  storage: ObjectStorage,
  keyId: string,
): Promise<Record<string, { objects: number; bytes: number }>> {
  const folders: Record<string, { objects: number; bytes: number }> = {};
  for await (const path of storage.list(`tenants/${keyId}/`)) {
    const folder = (folders[path.split('/')[2]!] ??= { objects: 0, bytes: 0 });
    folder.objects++;
    folder.bytes += (await storage.get(path)).length;
  }
  return folders;
}

/** What a key weighs before anybody is enrolled, and how long a page of them and all of them take to be listed. */
export async function manyKeys(
  storage: ObjectStorage,
  count: number,
): Promise<Record<'keys' | 'objectsPerKey' | 'bytesPerKey' | 'msOfAPage' | 'msToListAll', number>> {
  const keys = apiKeys(storage);
  const objects = async (): Promise<number[]> => {
    const sizes = [];
    for await (const path of storage.list('keys/')) sizes.push((await storage.get(path)).length);
    return sizes;
  };
  const before = await objects();
  for (let at = 0; at < count; at++) await keys.create({ name: `bench ${at}`, now: new Date() });
  const after = await objects();
  const sum = (sizes: number[]): number => sizes.reduce((total, bytes) => total + bytes, 0);
  const askedAt = performance.now();
  await keys.page({ limit: 20 });
  const startedAt = performance.now();
  let listed = 0;
  for await (const { revokedAt } of keys.list()) if (revokedAt === null) listed++;
  const msToListAll = Math.round(performance.now() - startedAt);
  return {
    keys: listed,
    objectsPerKey: (after.length - before.length) / count,
    bytesPerKey: Math.round((sum(after) - sum(before)) / count),
    msOfAPage: Math.round(startedAt - askedAt),
    msToListAll,
  };
}
