import { createHash } from 'node:crypto';
import { newId } from '@facehash/contracts';
import type { Redis } from '@facehash/jobs';
import type { Background } from '@facehash/keras-models';
import { featureTables, photos, subjects, type ObjectStorage } from '@facehash/storage';

export interface Person {
  readonly id: string;
  readonly label: string;
  readonly photoIds: readonly string[];
}

interface Place {
  readonly storage: ObjectStorage;
  readonly keyId: string;
  readonly background: Background;
}

/** Somebody enrolled, with numbers no photo gave. */
export async function enrolByNumbers(
  { storage, keyId, background }: Place,
  label: string,
  count: number,
): Promise<Person> {
  const id = newId('subject');
  await subjects(storage, keyId).put({ id, label, createdAt: new Date().toISOString() });
  const photoIds = Array.from({ length: count }, () => newId('photo'));
  for (const photo of photoIds)
    await photos(storage, keyId).put(id, photo, Buffer.from(`of ${label}`), 'jpeg');
  await featureTables(storage, keyId).write(id, newId('job'), {
    ...{ extractor: 'test', background: background.id, photoIds },
    columns: {
      landmarks: new Float32Array(count * 136),
      projection: Float32Array.from({ length: count * background.rank }, (_, n) => Math.sin(n * id.length)),
      embedding: Float32Array.from({ length: count * 128 }, (_, n) => Math.cos(n * id.length)),
    },
  });
  return { id, label, photoIds };
}

/** Texts by which a person would be found again. */
export const tracesOf = ({ id, label, photoIds }: Person): string[] => [
  ...[id, label, ...photoIds],
  createHash('sha256').update(label).digest('hex'),
];

/** Every byte in storage and Redis, names included, as text. */
export async function everything(storage: ObjectStorage, redis?: Redis): Promise<string> {
  const found: string[] = [];
  for await (const key of storage.list('')) {
    const bytes = await storage.find(key);
    if (bytes !== undefined) found.push(key, bytes.toString());
  }
  for (const key of (await redis?.keys('*')) ?? []) found.push(key, await redisText(redis!, key));
  return found.join('\n');
}

async function redisText(redis: Redis, key: string): Promise<string> {
  switch (await redis.type(key)) {
    case 'hash':
      return JSON.stringify(await redis.hgetall(key));
    case 'zset':
      return JSON.stringify(await redis.zrange(key, 0, '-1'));
    case 'list':
      return JSON.stringify(await redis.lrange(key, 0, -1));
    case 'set':
      return JSON.stringify(await redis.smembers(key));
    case 'stream':
      return JSON.stringify(await redis.xrange(key, '-', '+'));
    default:
      return (await redis.get(key)) ?? '';
  }
}
