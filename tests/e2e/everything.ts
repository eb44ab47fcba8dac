import { connectRedis } from '@facehash/jobs';
import type { ObjectStorage } from '@facehash/storage';

/**
 * Every byte the service keeps, names included: all objects and all of Redis, BullMQ's streams among it. A character is a
 * byte (latin1), so that pixels can be looked for as text can.
 */
export async function everythingKept(storage: ObjectStorage, redisUrl: string): Promise<string> {
  return [...(await objects(storage)), ...(await redisContents(redisUrl))].join('\n');
}

/** Text as it reads in `everythingKept`. */
export const asBytes = (text: string | Uint8Array): string => Buffer.from(text).toString('latin1');

async function objects(storage: ObjectStorage): Promise<string[]> {
  const found: string[] = [];
  for await (const key of storage.list('')) {
    const bytes = await storage.find(key);
    // Deleted since it was listed.
    if (bytes !== undefined) found.push(key, asBytes(bytes));
  }
  return found;
}

async function redisContents(url: string): Promise<string[]> {
  const redis = connectRedis(url, 'worker');
  const found: string[] = [];
  let cursor = '0';
  do {
    const [next, names] = await redis.scan(cursor, 'COUNT', 100);
    cursor = next;
    for (const name of names) found.push(asBytes(name), asBytes(await contents(redis, name)));
  } while (cursor !== '0');
  await redis.quit();
  return found;
}

async function contents(redis: ReturnType<typeof connectRedis>, name: string): Promise<string> {
  const type = await redis.type(name);
  switch (type) {
    case 'none':
      return '';
    case 'string':
      return (await redis.get(name)) ?? '';
    case 'hash':
      return Object.entries(await redis.hgetall(name))
        .flat()
        .join('\n');
    case 'list':
      return (await redis.lrange(name, 0, -1)).join('\n');
    case 'set':
      return (await redis.smembers(name)).join('\n');
    case 'zset':
      return (await redis.zrange(name, 0, '-1')).join('\n');
    case 'stream':
      return (await redis.xrange(name, '-', '+')).flat(3).join('\n');
    default:
      throw new Error(`${name} is of a type this cannot read: ${type}`);
  }
}
