import type { connectRedis } from '@facehash/jobs';
import { fail, ok, warn, type Check } from './check.js';

type Redis = ReturnType<typeof connectRedis>;

/** BullMQ's scripts need it. */
const OLDEST = [6, 2] as const;
/** Gateway and workers share Redis' clock for jobs, but expiries of keys are judged by their own. */
const MOST_SKEW_MS = 2_000;

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
