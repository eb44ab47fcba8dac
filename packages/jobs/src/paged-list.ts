import type { Redis } from './connection.js';
import { fromCursor, toCursor, type ListPosition } from './list-cursor.js';

export interface PageQuery<T> {
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly after?: string | undefined;
  /** Fields of the record's hash that must have these values; undefined = any. */
  readonly fields: Readonly<Record<string, string | undefined>>;
  /** The same of what was read, which may have changed since it was found. */
  readonly matches: (item: T) => boolean;
}

export interface Page<T> {
  /** Newest first. */
  readonly items: T[];
  /** null on the last page. */
  readonly nextCursor: string | null;
}

/** Entries one script looks at: Redis serves nobody else meanwhile. */
const SCAN = 500;

/**
 * KEYS: list. ARGV: position (created_at, id; '' = the beginning), how many, entries to look at, start of all records'
 * keys, then field, value, … to match → matching ids, how far it looked (created_at, id; absent at the end of the list).
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
local function matches(record)
  for i = 6, #ARGV, 2 do
    if redis.call('HGET', record, ARGV[i]) ~= ARGV[i + 1] then return false end
  end
  return true
end
local entries = redis.call('ZREVRANGE', KEYS[1], start, start + scan - 1, 'WITHSCORES')
local found, gone, looked = {}, {}, 0
for i = 1, #entries, 2 do
  local record = records .. entries[i]
  if redis.call('EXISTS', record) == 0 then
    gone[#gone + 1] = entries[i]
  elseif matches(record) then
    found[#found + 1] = entries[i]
  end
  looked = looked + 1
  if #found == wanted then break end
end
if #gone > 0 then redis.call('ZREM', KEYS[1], unpack(gone)) end
if looked < scan and looked * 2 == #entries then return { found } end
return { found, entries[looked * 2], entries[looked * 2 - 1] }`;

/** Pages through sorted sets of ids, one set per API key, whose entries expire with their records. */
export function createPagedList<T>(o: {
  readonly redis: Redis;
  readonly listOf: (keyId: string) => string;
  /** Start of all records' keys. */
  readonly records: string;
  readonly read: (id: string) => Promise<T | undefined>;
  readonly positionOf: (item: T) => ListPosition;
}): (keyId: string, query: PageQuery<T>) => Promise<Page<T>> {
  return async (keyId, { limit, after, fields, matches }) => {
    const wanted = Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [name, value],
    );
    let position: ListPosition | undefined = after === undefined ? undefined : fromCursor(keyId, after);
    const items: T[] = [];
    do {
      const from = [position?.createdAt ?? 0, position?.id ?? ''];
      const scope = [limit + 1 - items.length, SCAN, o.records, ...wanted];
      const reply = await o.redis.eval(LIST, 1, o.listOf(keyId), ...from, ...scope);
      const [ids, createdAt, id] = reply as [string[], string?, string?];
      const found = await Promise.all(ids.map(o.read));
      items.push(...found.filter((item) => item !== undefined).filter(matches));
      position = id === undefined ? undefined : { createdAt: Number(createdAt), id };
    } while (position !== undefined && items.length <= limit);

    const page = items.slice(0, limit);
    const last = page.at(-1);
    const nextCursor =
      items.length <= limit || last === undefined ? null : toCursor(keyId, o.positionOf(last));
    return { items: page, nextCursor };
  };
}
