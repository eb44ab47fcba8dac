/**
 * Every change of a job record, each one script: Redis runs a script alone, so of twenty callers that end a job
 * at once exactly one does. KEYS: the record; its list, for the scripts that know its owner. All times are Redis' own
 * milliseconds, one clock for gateway and workers. A script never writes to a record that is gone: that would leave a
 * stump without an expiry.
 */
const PRELUDE = `
local key = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local status = redis.call('HGET', key, 'status')
local running = status == 'queued' or status == 'processing'

-- Progress never runs backwards, whatever order retries and batches report in.
local function advance(stage, percent)
  if percent >= tonumber(redis.call('HGET', key, 'percent')) then
    redis.call('HSET', key, 'stage', stage, 'percent', percent)
  end
  redis.call('HSET', key, 'touched_at', now)
end
`;

/**
 * KEYS: record, its owner's list. ARGV: ttl ms, job id, start of all records' keys, then field, value, …
 * → 1, or 0 when there is such a job already. Each new job sweeps ten of the oldest entries whose records are gone, so a
 * list that nobody reads does not grow.
 */
export const CREATE = `${PRELUDE}
if status then return 0 end
redis.call('HSET', key, 'status', 'queued', 'stage', 'queued', 'percent', 0, 'created_at', now,
  'touched_at', now, 'expires_at', now + ARGV[1], unpack(ARGV, 4))
redis.call('PEXPIRE', key, ARGV[1])
for _, oldest in ipairs(redis.call('ZRANGE', KEYS[2], 0, 9)) do
  if redis.call('EXISTS', ARGV[3] .. oldest) == 0 then redis.call('ZREM', KEYS[2], oldest) end
end
redis.call('ZADD', KEYS[2], now, ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return 1`;

/** → all fields, now */
export const READ = `${PRELUDE}
return { redis.call('HGETALL', key), now }`;

/** ARGV: stage, percent, step → the status after it (false: gone), this step's done and cleaned flags, its open runs */
export const START = `${PRELUDE}
local step = ARGV[3]
if running then
  status = 'processing'
  redis.call('HSET', key, 'status', status)
  redis.call('HSETNX', key, 'started_at', now)
  advance(ARGV[1], tonumber(ARGV[2]))
end
return { status, redis.call('HEXISTS', key, 'done:' .. step), redis.call('HEXISTS', key, 'cleaned:' .. step),
  tonumber(redis.call('HGET', key, 'runs:' .. step) or 0) }`;

/** ARGV: step, 1 when a run of it begins, -1 when it has failed in good order */
export const COUNT_RUN = `${PRELUDE}
if running then redis.call('HINCRBY', key, 'runs:' .. ARGV[1], ARGV[2]) end
return 0`;

/** ARGV: stage, percent */
export const PROGRESS = `${PRELUDE}
if running then advance(ARGV[1], tonumber(ARGV[2])) end
return 0`;

/** ARGV: step, its photos, percent at which all photos are done. A step that is reported twice counts once. */
export const STEP_DONE = `${PRELUDE}
if running and redis.call('HSETNX', key, 'done:' .. ARGV[1], ARGV[2]) == 1 then
  local done = redis.call('HINCRBY', key, 'photos_done', ARGV[2])
  local total = tonumber(redis.call('HGET', key, 'photos'))
  advance('extracting', math.floor(math.min(1, done / total) * ARGV[3]))
end
return 0`;

/** ARGV: status, ttl ms, channel, job id, start of all lists' keys, then field, value, … → 1 when this call ended the job */
export const FINISH = `${PRELUDE}
if not running then return 0 end
redis.call('HSET', key, 'status', ARGV[1], 'completed_at', now, 'touched_at', now,
  'expires_at', now + ARGV[2], unpack(ARGV, 6))
if ARGV[1] == 'succeeded' then redis.call('HSET', key, 'percent', 100, 'stage', 'done') end
redis.call('PEXPIRE', key, ARGV[2])
redis.call('PEXPIRE', ARGV[5] .. redis.call('HGET', key, 'key_id'), ARGV[2]) -- a list lives as long as its last record
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1`;

/** ARGV: step */
export const CLEANED = `${PRELUDE}
if status then redis.call('HSET', key, 'cleaned:' .. ARGV[1], now) end
return 0`;
