import { processRecordSchema, type ProcessRecord, type WorkerParts } from '@facehash/contracts';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import type { Redis } from './connection.js';
import { prefixOn, redisKeys } from './redis-keys.js';
import { whileConnected } from './while-connected.js';

const BEAT_MS = 10_000;
/** A process that died is listed no longer than this; two beats may be late. */
const KNOWN_FOR_MS = 3 * BEAT_MS;

/** The packages of a release carry one version, so that of this one is the process'. */
const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/**
 * Says in Redis that this process takes requests or jobs, again and again, for whoever asks which do (`listProcesses`). Nothing
 * depends on it: while Redis is away, or has lost its memory, it is said again with the next beat.
 * @returns close it when the process stops taking any
 */
export async function announceProcess(o: {
  redis: Redis;
  prefix?: string;
  app: ProcessRecord['app'];
  worker?: WorkerParts;
}): Promise<{ close(): Promise<void> }> {
  const { redis, app, worker = null } = o;
  const keys = redisKeys(prefixOn(redis, o.prefix));
  const id = randomUUID();
  const record: ProcessRecord = {
    ...{ app, worker, version, host: hostname(), pid: process.pid, node: process.versions.node },
    ...{ startedAt: new Date().toISOString(), maxOpenFiles: await maxOpenFiles() },
  };
  let isBeating = false;
  const beat = async (): Promise<void> => {
    // A worker's commands wait for Redis: in an outage one is enough.
    if (isBeating) return;
    isBeating = true;
    await redis
      .multi()
      .set(keys.process(id), JSON.stringify(record), 'PX', KNOWN_FOR_MS)
      .sadd(keys.processes, id)
      .exec()
      .catch(() => undefined);
    isBeating = false;
  };
  await beat();
  const timer = setInterval(() => void beat(), BEAT_MS);

  return {
    async close() {
      clearInterval(timer);
      const leave = redis.multi().del(keys.process(id)).srem(keys.processes, id);
      await whileConnected(redis, () => leave.exec().catch(() => undefined));
    },
  };
}

/** The processes that take requests or jobs now, or did half a minute ago and died. Oldest first. */
export async function listProcesses(o: { redis: Redis; prefix?: string }): Promise<ProcessRecord[]> {
  const { redis } = o;
  const keys = redisKeys(prefixOn(redis, o.prefix));
  const ids = await redis.smembers(keys.processes);
  const texts = ids.length === 0 ? [] : await redis.mget(ids.map(keys.process));
  const gone = ids.filter((_, at) => texts[at] === null);
  if (gone.length > 0) await redis.srem(keys.processes, ...gone);
  return texts
    .flatMap((text) => (typeof text === 'string' ? [processRecordSchema.parse(JSON.parse(text))] : []))
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

/** As Linux tells. Node raises its own limit to what it may have, so a shell's `ulimit -n` says nothing about it. */
async function maxOpenFiles(): Promise<number | null> {
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const limit = /^Max open files +(\d+)/m.exec(text)?.[1];
  return limit === undefined ? null : Number(limit);
}
