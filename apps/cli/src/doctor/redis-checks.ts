import type { connectRedis } from '@facehash/jobs';
import { fail, ok, warn, type Check } from './check.js';
import { diskSpace } from './disk-space.js';

type Redis = ReturnType<typeof connectRedis>;

/** BullMQ's scripts need it. */
const OLDEST = [6, 2] as const;
/** Gateway and workers share Redis' clock for jobs, but expiries of keys are judged by their own. */
const MOST_SKEW_MS = 2_000;
/** Within one data centre it is less than 1. */
const MOST_LATENCY_MS = 10;
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

export const REDIS_CHECKS: readonly Check<Redis>[] = [
  {
    name: 'Redis version',
    advice: 'Let this user run INFO.',
    async run(redis) {
      const version = await infoOf(redis, 'server', 'redis_version');
      const [major = 0, minor = 0] = version.split('.').map(Number);
      if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return ok(version);
      return fail(`${version}; at least ${OLDEST.join('.')} is needed`, 'Install a newer redis-server.');
    },
  },
  {
    name: 'Redis keeps jobs when its memory is full',
    advice: 'Let this user run INFO.',
    async run(redis) {
      const policy = await infoOf(redis, 'memory', 'maxmemory_policy');
      if (policy === 'noeviction') return ok('maxmemory-policy noeviction');
      return fail(`maxmemory-policy ${policy}`, 'Set maxmemory-policy noeviction, or jobs may vanish.');
    },
  },
  {
    name: 'Redis keeps jobs over a restart',
    advice: 'Let this user run INFO and CONFIG GET.',
    async run(redis) {
      if ((await infoOf(redis, 'persistence', 'aof_enabled')) === '1') return ok('appendonly yes');
      const [, save = ''] = await redis.config('GET', 'save');
      const lost = 'jobs in flight; keys, people and models lie in the storage';
      return warn(
        save === ''
          ? `nothing is written to disk: a restart loses ${lost}`
          : `save ${save}: a crash loses the latest ${lost}`,
        'Set appendonly yes.',
      );
    },
  },
  {
    name: 'Redis can write to its disk',
    advice: 'Let this user run INFO.',
    async run(redis) {
      const written = {
        'the last snapshot': await infoOf(redis, 'persistence', 'rdb_last_bgsave_status'),
        'the last write to the append-only file': await infoOf(redis, 'persistence', 'aof_last_write_status'),
      };
      const failed = Object.entries(written).flatMap(([what, status]) => (status === 'ok' ? [] : [what]));
      if (failed.length === 0) return ok('the last writes went well');
      return fail(
        `${failed.join(' and ')} failed`,
        "Look at its disk and its log: it may refuse every job's write.",
      );
    },
  },
  {
    name: 'Redis has memory left',
    advice: 'Let this user run INFO.',
    async run(redis) {
      const used = Number(await infoOf(redis, 'memory', 'used_memory'));
      const most = Number(await infoOf(redis, 'memory', 'maxmemory'));
      const limit = most > 0 ? most : Number(await infoOf(redis, 'memory', 'total_system_memory'));
      const text = `${megabytes(used)} of ${megabytes(limit)}${most > 0 ? '' : ', all of its machine'}`;
      if (used < 0.8 * limit) return ok(text);
      const advice =
        'Raise maxmemory, or let fewer jobs wait (FACEHASH_OPEN_JOBS): when it is full, jobs are refused.';
      return used < 0.95 * limit ? warn(text, advice) : fail(text, advice);
    },
  },
  {
    name: 'Redis answers soon',
    advice: 'Look at the network, and what else runs on its machine.',
    async run(redis) {
      const tookMs: number[] = [];
      for (let asked = 0; asked < 9; asked++) {
        const before = performance.now();
        await redis.ping();
        tookMs.push(performance.now() - before);
      }
      const median = tookMs.sort((a, b) => a - b)[4]!;
      const text = `within ${median.toFixed(1)} ms, the median of 9`;
      if (median <= MOST_LATENCY_MS) return ok(text);
      return warn(text, 'Bring it nearer: a recognition asks it dozens of times.');
    },
  },
  {
    name: 'Disk space of Redis',
    advice: 'Let this user run CONFIG GET dir.',
    async run(redis) {
      const host = 'options' in redis && 'host' in redis.options ? redis.options.host : undefined;
      if (host === undefined || !LOOPBACK.includes(host)) return ok('on another machine, so not looked at');
      const [, dir = ''] = await redis.config('GET', 'dir');
      return diskSpace(dir);
    },
  },
  {
    name: 'Clocks agree',
    advice: 'Let this user run TIME.',
    async run(redis) {
      const before = Date.now();
      const [seconds, microseconds] = (await redis.time()).map(Number);
      const here = (before + Date.now()) / 2;
      const skewMs = Math.round(Math.abs(seconds! * 1000 + microseconds! / 1000 - here));
      if (skewMs <= MOST_SKEW_MS) return ok(`${skewMs} ms apart`);
      return warn(`this machine's and Redis' are ${skewMs} ms apart`, 'Let both follow an NTP server.');
    },
  },
];

async function infoOf(redis: Redis, section: string, field: string): Promise<string> {
  const value = new RegExp(`^${field}:(\\S+)`, 'm').exec(await redis.info(section))?.[1];
  if (value === undefined) throw new Error(`Redis does not tell its ${field}.`);
  return value;
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`;
