/**
 * Every change of a job record, each one script: Redis runs a script alone, so of twenty callers that end a job
 * at once exactly one does. KEYS: the record, and the channel of progress unless a script says otherwise. All times are Redis' own
 * milliseconds, one clock for gateway and workers. A script never writes to a record that is gone: that would leave a
 * stump without an expiry.
 */
export const PRELUDE = `
local key = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local status = redis.call('HGET', key, 'status')
local running = status == 'queued' or status == 'processing'

-- Progress never runs backwards, whatever order retries and batches report in. KEYS[2] is the channel it is told on.
local function advance(stage, percent)
  local before = redis.call('HMGET', key, 'percent', 'stage')
  local percentBefore = tonumber(before[1])
  if percent > percentBefore or (percent == percentBefore and stage ~= before[2]) then
    redis.call('HSET', key, 'stage', stage, 'percent', percent)
    redis.call('PUBLISH', KEYS[2], string.match(key, '[^:]+$'))
  end
  redis.call('HSET', key, 'touched_at', now)
end

-- A list lives as long as its last record, and records of one key may live differently long.
local function prolong(list, ttl)
  if redis.call('PTTL', list) < tonumber(ttl) then redis.call('PEXPIRE', list, ttl) end
end

-- A new entry of a list sweeps ten of the oldest whose records are gone, so a list that nobody reads does not grow.
local function enlist(list, records, id, ttl)
  for _, oldest in ipairs(redis.call('ZRANGE', list, 0, 9)) do
    if redis.call('EXISTS', records .. oldest) == 0 then redis.call('ZREM', list, oldest) end
  end
  redis.call('ZADD', list, now, id)
  prolong(list, ttl)
end

-- The end of a job, for a record that is running. It lives on for the time it was created with, or else for that given. The
-- outbox is filled in the same moment, so that no crash lies between an end and what is to be told of it.
local function finish(outcome, ttl, channel, id, lists, outbox, ...)
  ttl = redis.call('HGET', key, 'results_ms') or ttl
  redis.call('HSET', key, 'status', outcome, 'completed_at', now, 'touched_at', now, 'expires_at', now + ttl, ...)
  redis.call('PEXPIRE', key, ttl)
  prolong(lists .. redis.call('HGET', key, 'key_id'), ttl)
  redis.call('ZADD', outbox, now, id)
  redis.call('PUBLISH', channel, id)
end
`;

/**
 * KEYS: record, its owner's list. ARGV: ttl ms, job id, start of all records' keys, then field, value, …
 * → 1, 0 when there is such a job already, or -1 when the key takes none any more.
 */
export const CREATE = `${PRELUDE}
if status then return 0 end
if redis.call('EXISTS', KEYS[2] .. ':closed') == 1 then return -1 end
redis.call('HSET', key, 'status', 'queued', 'stage', 'queued', 'percent', 0, 'created_at', now,
  'touched_at', now, 'expires_at', now + ARGV[1], unpack(ARGV, 4))
redis.call('PEXPIRE', key, ARGV[1])
enlist(KEYS[2], ARGV[3], ARGV[2], ARGV[1])
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

/** ARGV: status, ttl ms, channel, job id, start of all lists' keys, outbox, then field, value, … → 1 when this call ended the job */
export const FINISH = `${PRELUDE}
if not running then return 0 end
if ARGV[1] == 'succeeded' then redis.call('HSET', key, 'percent', 100, 'stage', 'done') end
finish(unpack(ARGV))
return 1`;

/** → 1 when the training is still running; from here on nobody can cancel it */
export const BEGIN_PUBLISHING = `${PRELUDE}
if not running then return 0 end
redis.call('HSET', key, 'publishing', now)
return 1`;

/**
 * KEYS: record, start of all training locks' keys. ARGV: clearing ms, then as FINISH → what the job was before (false:
 * gone). A training that had begun keeps its lock until its worker has cleared up, or the next one of that person would
 * read its rows; one that had not leaves nothing and frees it.
 */
export const CANCEL = `${PRELUDE}
if not running then return status end
local erasing = status == 'processing' and redis.call('HGET', key, 'type') == 'erase' -- half of it may be done
if erasing or redis.call('HEXISTS', key, 'publishing') == 1 then return 'publishing' end
local lock = KEYS[2] .. redis.call('HGET', key, 'key_id')
if redis.call('HGET', lock, 'job') == ARGV[5] then
  if status == 'queued' then
    redis.call('DEL', lock)
  else
    redis.call('HSET', lock, 'phase', 'clearing')
    redis.call('PEXPIRE', lock, ARGV[1])
  end
end
finish(unpack(ARGV, 2))
return status`;

/** KEYS: record, start of all lists' keys. ARGV: channel, job id */
export const REMOVE = `${PRELUDE}
if not status then return 0 end
redis.call('ZREM', KEYS[2] .. redis.call('HGET', key, 'key_id'), ARGV[2])
redis.call('DEL', key)
redis.call('PUBLISH', ARGV[1], ARGV[2])
return 1`;

/** ARGV: step */
export const CLEANED = `${PRELUDE}
if status then redis.call('HSET', key, 'cleaned:' .. ARGV[1], now) end
return 0`;
