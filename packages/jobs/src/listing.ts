import type { Job, JobStatus, JobType } from '@facehash/contracts';
import type { Redis } from 'ioredis';
import { fromCursor, toCursor, type ListPosition } from './list-cursor.js';
import type { JobRecord } from './record-fields.js';
import { redisKeys } from './redis-keys.js';

export interface ListQuery {
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly after?: string | undefined;
  readonly status?: JobStatus | undefined;
  readonly type?: JobType | undefined;
}

export interface JobPage {
  /** Newest first. */
  readonly jobs: Job[];
  /** null on the last page. */
  readonly nextCursor: string | null;
}

/** Entries one script looks at: Redis serves nobody else meanwhile. */
const SCAN = 500;

/**
 * KEYS: list. ARGV: position (created_at, job id; '' = the beginning), how many, entries to look at, start of all records'
 * keys, status or '', type or '' → matching ids, how far it looked (created_at, job id; absent at the end of the list).
 * Equal times are in the order of ids, as in the set itself. Entries whose record has expired are removed.
 */
const LIST = `
local at, id, wanted, scan, records = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local start = 0
if id ~= '' then
  start = redis.call('ZCOUNT', KEYS[1], '(' .. at, '+inf')
  for _, tie in ipairs(redis.call('ZREVRANGEBYSCORE', KEYS[1], at, at)) do
    if tie >= id then start = start + 1 end
  end
end
local entries = redis.call('ZREVRANGE', KEYS[1], start, start + scan - 1, 'WITHSCORES')
local found, gone, looked = {}, {}, 0
for i = 1, #entries, 2 do
  local status, type = unpack(redis.call('HMGET', records .. entries[i], 'status', 'type'))
  if not status then
    gone[#gone + 1] = entries[i]
  elseif (ARGV[6] == '' or ARGV[6] == status) and (ARGV[7] == '' or ARGV[7] == type) then
    found[#found + 1] = entries[i]
  end
  looked = looked + 1
  if #found == wanted then break end
end
if #gone > 0 then redis.call('ZREM', KEYS[1], unpack(gone)) end
if looked < scan and looked * 2 == #entries then return { found } end
return { found, entries[looked * 2], entries[looked * 2 - 1] }`;

export function createListing(o: {
  redis: Redis;
  prefix: string;
  read: (jobId: string) => Promise<JobRecord | undefined>;
}): (keyId: string, query: ListQuery) => Promise<JobPage> {
  const keys = redisKeys(o.prefix);

  return async (keyId, { limit, after, status, type }) => {
    const matches = (record: JobRecord | undefined): record is JobRecord =>
      record?.keyId === keyId &&
      (status === undefined || record.job.status === status) &&
      (type === undefined || record.job.type === type);

    let position: ListPosition | undefined = after === undefined ? undefined : fromCursor(keyId, after);
    const jobs: Job[] = [];
    do {
      const from = [position?.createdAt ?? 0, position?.jobId ?? ''];
      const scope = [limit + 1 - jobs.length, SCAN, keys.record(''), status ?? '', type ?? ''];
      const reply = await o.redis.eval(LIST, 1, keys.jobsOf(keyId), ...from, ...scope);
      const [ids, createdAt, jobId] = reply as [string[], string?, string?];
      // Reading settles a job that nobody else would end, so its status may be another one by now.
      const records = await Promise.all(ids.map(o.read));
      jobs.push(...records.filter(matches).map(({ job }) => job));
      position = jobId === undefined ? undefined : { createdAt: Number(createdAt), jobId };
    } while (position !== undefined && jobs.length <= limit);

    const page = jobs.slice(0, limit);
    const last = page.at(-1);
    const nextCursor =
      jobs.length <= limit || last === undefined
        ? null
        : toCursor(keyId, { createdAt: Date.parse(last.created_at), jobId: last.id });
    return { jobs: page, nextCursor };
  };
}
