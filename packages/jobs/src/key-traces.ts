import { serversOf, type Redis } from './connection.js';
import { redisKeys } from './redis-keys.js';

export interface KeyTraces {
  /** Ids of its jobs' records. */
  readonly records: string[];
  /** What waits or is in work, in whatever queue; `jobId` where its payload tells it. */
  readonly queued: { readonly queue: string; readonly id: string; readonly jobId: string | undefined }[];
  /** Names in Redis that hold the key's id, or hashes whose `key_id` it is: lists, locks, counters, deliveries. */
  readonly named: string[];
}

/** Names one step of the scan looks at: Redis serves nobody else meanwhile. */
const SCAN = 500;

/**
 * All that Redis holds of a key, found by looking at everything: what some part of the service keeps under a key's id is
 * found without being listed here. What is written meanwhile may be missed. For the rare case; it reads every name once.
 */
export async function findKeyTraces(redis: Redis, prefix: string, keyId: string): Promise<KeyTraces> {
  const keys = redisKeys(prefix);
  const traces: KeyTraces = { records: [], queued: [], named: [] };
  for await (const names of everyName(redis, `${prefix}:*`)) {
    const reads = redis.pipeline();
    for (const name of names) reads.hmget(name, 'key_id', 'data');
    // What is no hash answers with an error of its own.
    const answers = (await reads.exec()) ?? [];
    for (const [at, name] of names.entries()) {
      // The erasure itself, at work: a queue that finds its job gone reports an error, and tries it again.
      if (name.startsWith(keys.eraseChore(keyId))) continue;
      const [owner, data] = (answers[at]?.[1] ?? []) as [string | null, string | null];
      if (owner === keyId && name.startsWith(keys.record(''))) {
        traces.records.push(name.slice(keys.record('').length));
      } else if (owner === keyId || name.includes(keyId)) {
        traces.named.push(name);
      } else if (data?.includes(keyId) === true && name.startsWith(`${keys.queues}:`)) {
        const [queue, ...id] = name.slice(keys.queues.length + 1).split(':');
        traces.queued.push({ queue: queue!, id: id.join(':'), jobId: jobIdOf(data) });
      }
    }
  }
  // A scan may give a name twice.
  return { ...traces, records: [...new Set(traces.records)], named: [...new Set(traces.named)] };
}

const jobIdOf = (data: string): string | undefined => /"jobId":"(job_[0-9a-f]{32})"/.exec(data)?.[1];

/** A scan goes through one server; in a cluster our names lie on one of them, and which one may change meanwhile. */
async function* everyName(redis: Redis, pattern: string): AsyncGenerator<string[]> {
  for (const server of serversOf(redis)) {
    let cursor = '0';
    do {
      const [next, names] = await server.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN);
      cursor = next;
      yield names;
    } while (cursor !== '0');
  }
}
