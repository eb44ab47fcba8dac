import { serversOf, type Redis } from './connection.js';

export interface RedisMemory {
  readonly usedBytes: number;
  /** Where writes are refused (`maxmemory`); 0 = Redis has no limit of its own. */
  readonly maxBytes: number;
}

/** Of several servers, the one that uses most: all names of an installation lie in one slot. */
export async function redisMemory(redis: Redis): Promise<RedisMemory> {
  const all = await Promise.all(
    serversOf(redis).map(async (server) => {
      const info = await server.info('memory');
      const bytes = (field: string): number =>
        Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
      return { usedBytes: bytes('used_memory'), maxBytes: bytes('maxmemory') };
    }),
  );
  return all.reduce((one, other) => (other.usedBytes > one.usedBytes ? other : one));
}
