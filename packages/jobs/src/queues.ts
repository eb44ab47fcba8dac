import type { JobType } from '@facehash/contracts';
import { FlowProducer, Queue, type JobsOptions } from 'bullmq';
import type { Redis } from './connection.js';
import { JOB_CATALOGUE, JOB_NAMES, type ImageJobName, type JobName, type Payload } from './catalogue.js';
import { createFairOrder, placeAt, type FairOrder } from './fair-order.js';
import { queueDepth, type QueueDepth } from './queue-depths.js';
import { producerOptions } from './producer-options.js';
import type { QueueState } from './settle.js';

/** The producers' side of BullMQ. */
export interface Queues {
  /** A job that stands alone. */
  add<N extends 'erase' | 'import' | ImageJobName>(name: N, payload: Payload<N>): Promise<void>;
  /** All or nothing. The job runs when every extract has ended, well or not. */
  addWithBatches<N extends 'train' | 'enrol'>(
    name: N,
    last: Payload<N>,
    extracts: readonly Payload<'extract'>[],
  ): Promise<void>;
  /** Takes a job out, a training with its batches; nothing happens when a worker has one of them in hand. */
  readonly remove: (type: JobType, jobId: string) => Promise<void>;
  readonly stateOf: (type: JobType, jobId: string) => Promise<QueueState>;
  readonly depths: () => Promise<QueueDepth[]>;
  close(): Promise<void>;
}

/** Milliseconds before the second attempt; doubles, and half of it is random so that retries spread. */
const BACKOFF = { type: 'exponential', delay: 250, jitter: 0.5 } as const;

const optionsOf = (name: JobName, jobId: string, priority: number): JobsOptions => ({
  jobId,
  priority,
  attempts: JOB_CATALOGUE[name].attempts,
  backoff: BACKOFF,
  // The record and the log tell what happened. BullMQ would keep ended jobs, with a person's label in them,
  // until another one ends: long after their erasure was asked for.
  removeOnComplete: true,
  removeOnFail: true,
  stackTraceLimit: 1,
});

/** @param order for tests */
export function openQueues(
  redis: Redis,
  prefix: string,
  order: FairOrder = createFairOrder({ redis, prefix }),
): Queues {
  const options = producerOptions(redis, prefix);
  const queues = Object.fromEntries(JOB_NAMES.map((name) => [name, new Queue(name, options)])) as Record<
    JobName,
    Queue
  >;
  const flows = new FlowProducer(options);
  // Outages are reported by the call that met them, and by the connection.
  for (const queue of Object.values(queues)) queue.on('error', () => undefined);

  return {
    async add(name, payload) {
      const place = placeAt(await order.take(name, payload.keyId), 0);
      await queues[name].add(name, payload, optionsOf(name, payload.jobId, place));
    },
    async addWithBatches(name, last, extracts) {
      const [place, first] = await Promise.all([
        order.take(name, last.keyId),
        order.take('extract', last.keyId, extracts.length),
      ]);
      await flows.add({
        name,
        queueName: name,
        data: last,
        opts: optionsOf(name, last.jobId, placeAt(place, 0)),
        children: extracts.map((extract, i) => ({
          name: 'extract',
          queueName: 'extract',
          data: extract,
          opts: {
            ...optionsOf('extract', `${extract.jobId}-${extract.batch}`, placeAt(first, i)),
            // The last step must run after a failed batch too: it is the one that clears up.
            ignoreDependencyOnFailure: true,
          },
        })),
      });
    },
    async remove(type, jobId) {
      await queues[type].remove(jobId, { removeChildren: true });
    },
    stateOf: (type, jobId) => queues[type].getJobState(jobId),
    depths: () => Promise.all(JOB_NAMES.map((name) => queueDepth(name, queues[name]))),
    async close() {
      await Promise.all([...Object.values(queues), flows].map((producer) => producer.close()));
    },
  };
}
