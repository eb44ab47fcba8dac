import { DelayedError, UnrecoverableError, Worker, type Job as QueueJob } from 'bullmq';
import type { Redis } from './connection.js';
import { closeWorkers } from './close-workers.js';
import { JOB_CATALOGUE, JOB_NAMES, type JobName } from './catalogue.js';
import { deliver, type JobHandlers } from './delivery.js';
import type { JobObserver } from './job-observer.js';
import type { JobLogger } from './logger.js';
import { LIVENESS } from './liveness.js';
import { createQueueWaits } from './admission/queue-waits.js';
import { createFairOrder } from './fair-order.js';
import { createJobRecords } from './records.js';
import { lookAgainMs } from './out-of-turn.js';
import { prefixOn, redisKeys } from './redis-keys.js';
import { isRedisOutage } from './redis-outage.js';
import { createRunSignals } from './run-signals.js';
import { createTrainings } from './trainings.js';
import { createTurns } from './turns.js';

export interface Consumer {
  /**
   * Takes no more jobs and resolves when the running ones have ended; leaves the given connection open. Without Redis it
   * resolves at once, as no end could be written down: another worker takes such a job up.
   */
  close(): Promise<void>;
}

/** `delivery` gives up after the second crash; this only stops a job that even kills the worker giving it up. */
const MAX_STALLED_COUNT = 10;

/**
 * Starts one BullMQ worker per job kind. `redis` comes from `connectRedis(url, 'worker')`.
 * @param o.concurrency photos at once; kinds marked `one` in the catalogue run singly
 */
export async function startConsumer(o: {
  redis: Redis;
  prefix?: string;
  handlers: JobHandlers;
  concurrency: number;
  logger: JobLogger;
  observer?: JobObserver;
}): Promise<Consumer> {
  const { redis, handlers, logger, observer } = o;
  const prefix = prefixOn(redis, o.prefix);
  const records = createJobRecords(redis, prefix);

  const trainings = createTrainings({ redis, prefix, read: records.read });

  const signals = createRunSignals({ redis, channel: redisKeys(prefix).ended, read: records.read });

  const turns = createTurns();

  const order = createFairOrder({ redis, prefix });

  const waits = createQueueWaits({ redis, prefix });

  const start = (name: JobName): Worker => {
    const process = async (job: QueueJob, token?: string): Promise<string> => {
      // Not waited for: the next job to start moves the clock too.
      void order.started(name, String(job.id)).catch(() => undefined);
      // Whose worker died may be the one that killed it, or may have run beside it: alone, it shows.
      const turn = job.stalledCounter === 0 ? turns.together : turns.alone;
      const ending = await turn(async () => {
        const startedAt = performance.now();
        if (job.attemptsStarted === 1) observer?.started(name, Math.max(0, Date.now() - job.timestamp));
        const ended = await deliver(name, handlers[name], deliveryOf(job), {
          ...{ records, trainings, signals, logger },
        });
        const tookMs = performance.now() - startedAt;
        if (ended.kind === 'gave-up') observer?.gaveUp(name, ended.error.code);
        if (ended.kind !== 'later') observer?.ended(name, OUTCOMES[ended.kind], tookMs);
        // Nor this: an estimate is made of many.
        if (ended.kind === 'done') void waits.ended(name, tookMs).catch(() => undefined);
        return ended;
      });
      if (ending.kind === 'later') {
        const now = Date.now();
        await job.moveToDelayed(now + lookAgainMs(now - job.timestamp), token);
        throw new DelayedError();
      }
      if (ending.kind === 'again') throw ending.error;
      if (ending.kind === 'gave-up') throw new UnrecoverableError(ending.error.code);
      // Never the result: BullMQ would keep it in its event stream, out of reach of any deletion.
      return String(job.id);
    };
    const worker = new Worker(name, process, {
      connection: redis,
      prefix: redisKeys(prefix).queues,
      concurrency: JOB_CATALOGUE[name].perWorker === 'one' ? 1 : o.concurrency,
      ...LIVENESS,
      maxStalledCount: MAX_STALLED_COUNT,
    });
    // Without a listener an error would end the process; outages are the connection's to report.
    worker.on('error', (error) => {
      if (!isRedisOutage(error)) logger.error({ err: error, queue: name }, 'a queue worker met an error');
    });
    worker.on('stalled', (jobId) => {
      observer?.stalled(name);
      logger.warn({ queue: name, queueJobId: jobId }, 'a worker went silent; its job starts again');
    });
    return worker;
  };

  const workers = JOB_NAMES.map((name) => start(name));
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  return {
    async close() {
      await closeWorkers(redis, workers);
      signals.close();
    },
  };
}

const OUTCOMES = { done: 'succeeded', 'gave-up': 'failed', again: 'again' } as const;

const deliveryOf = (job: QueueJob) => ({
  data: job.data as unknown,
  attempt: job.attemptsStarted,
  isLastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
});
