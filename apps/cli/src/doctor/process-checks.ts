import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessRecord } from '@facehash/contracts';
import { listProcesses, type Redis } from '@facehash/jobs';
import { fail, ok, warn, type Check, type Verdict } from './check.js';

/** Processes say that they are there every 10 s; right after Redis lost its memory it takes as long. */
const BEAT_MS = 11_000;
const LOOK_AGAIN_MS = 500;
/** As the worker's settings have it: the others of the pool's threads are for files and DNS. */
const SPARE_THREADS = 3;
/** A request that waits holds a connection, and 500 may. */
const FEWEST_FILES = 4096;

interface Process {
  readonly record: ProcessRecord;
  /** As a person looks for it. */
  readonly place: string;
}
type LiveWorker = Process & { readonly parts: NonNullable<ProcessRecord['worker']> };

/** Of what gateways and workers, wherever they run, say of themselves. */
export const PROCESS_CHECKS: readonly Check<Redis>[] = [
  {
    name: 'Workers take jobs',
    advice: 'Let this user read our names in Redis.',
    async run(redis) {
      let workers = await workersOn(redis);
      for (let waitedMs = 0; workers.length === 0 && waitedMs < BEAT_MS; waitedMs += LOOK_AGAIN_MS) {
        await sleep(LOOK_AGAIN_MS);
        workers = await workersOn(redis);
      }
      if (workers.length === 0) return fail('none does', 'Start a worker with the same FACEHASH_REDIS_URL.');
      return ok(
        list(workers, ({ record, parts }) => {
          const { concurrency, engine, backend, device } = parts;
          return `${record.version}, ${concurrency} photo(s) at a time, embeddings by ${engine}, models on ${backend} (${device})`;
        }),
      );
    },
  },
  {
    name: 'One version everywhere',
    advice: 'Let this user read our names in Redis.',
    async run(redis) {
      const all = await processesOn(redis);
      const versions = new Set(all.map(({ record }) => record.version));
      if (versions.size <= 1) return ok([...versions][0] ?? 'nothing runs');
      return warn(
        list(all, ({ record }) => `${record.app} ${record.version}`),
        'An upgrade is under way: workers first, then gateways (docs/operations.md).',
      );
    },
  },
  {
    name: 'Workers compute alike',
    advice: 'Let this user read our names in Redis.',
    async run(redis) {
      const workers = await workersOn(redis);
      return (
        unlessAlike(
          workers,
          ({ extractor }) => extractor,
          'Bring all to one version: faces measured by one are not recognised by the other.',
        ) ??
        unlessAlike(
          workers,
          ({ device }) => device,
          'If all should have a GPU, the line "ready" in the log of the others says why they have none.',
        ) ??
        ok(workers[0]?.parts.extractor ?? 'none runs')
      );
    },
  },
  {
    name: 'OpenCV of the workers',
    advice: 'Let this user read our names in Redis.',
    async run(redis) {
      const workers = await workersOn(redis);
      const unsafe = workers.filter(({ parts }) => /^4\.1[01]\./.test(parts.opencv));
      if (unsafe.some(({ parts }) => parts.decoder === 'opencv')) {
        return fail(
          list(unsafe, ({ parts }) => parts.opencv),
          'Upgrade that worker: this OpenCV must not decode.',
        );
      }
      const found = list(workers, ({ parts }) => `${parts.opencv}, ${parts.decoder} decodes`);
      return ok(
        unsafe.length === 0
          ? found || 'none runs'
          : `${found}; 4.10 and 4.11 leak one photo into another (opencv#26488, CVE-2025-53644), so sharp decodes there, for a few ms more`,
      );
    },
  },
  {
    name: 'Threads and open files',
    advice: 'Let this user read our names in Redis.',
    async run(redis) {
      const cramped = (await workersOn(redis)).filter(
        ({ parts }) => parts.threads < parts.concurrency + SPARE_THREADS,
      );
      if (cramped.length > 0) {
        return warn(
          list(cramped, ({ parts }) => `UV_THREADPOOL_SIZE ${parts.threads}`),
          `Start workers with UV_THREADPOOL_SIZE at least ${SPARE_THREADS} above FACEHASH_CONCURRENCY.`,
        );
      }
      const few = (await processesOn(redis)).filter(
        ({ record: { app, maxOpenFiles } }) => app === 'gateway' && (maxOpenFiles ?? Infinity) < FEWEST_FILES,
      );
      if (few.length === 0) return ok('enough');
      return warn(
        list(few, ({ record }) => `at most ${record.maxOpenFiles} open files`),
        `Raise the limit (LimitNOFILE, ulimits) to ${FEWEST_FILES}: every request that waits holds a connection.`,
      );
    },
  },
];

async function processesOn(redis: Redis): Promise<Process[]> {
  const records = await listProcesses({ redis });
  return records.map((record) => ({ record, place: `${record.host}/${record.pid}` }));
}

async function workersOn(redis: Redis): Promise<LiveWorker[]> {
  return (await processesOn(redis)).flatMap((process) =>
    process.record.worker === null ? [] : [{ ...process, parts: process.record.worker }],
  );
}

function unlessAlike(
  workers: readonly LiveWorker[],
  of: (parts: LiveWorker['parts']) => string,
  advice: string,
): Verdict | undefined {
  if (new Set(workers.map(({ parts }) => of(parts))).size <= 1) return undefined;
  return warn(
    list(workers, ({ parts }) => of(parts)),
    advice,
  );
}

const list = <P extends Process>(processes: readonly P[], text: (process: P) => string): string =>
  processes.map((process) => `${process.place}: ${text(process)}`).join('; ');
