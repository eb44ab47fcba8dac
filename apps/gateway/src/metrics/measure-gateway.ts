import { isEnded } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import type { Metrics } from '@facehash/metrics';
import { measureStorage, type ObjectStorage } from '@facehash/storage';
import type { RequestHandler } from 'express';
import { measureQueues } from './measure-queues.js';
import { measureRedis } from './measure-redis.js';
import { createRequestMeasure } from './measure-requests.js';

interface Measured {
  readonly jobs: JobClient;
  readonly storage: ObjectStorage;
  readonly measureRequests: RequestHandler;
}

/** The same job client and storage, counted as they are used; no route knows of it. Names and meanings: docs/metrics.md. */
export function measureGateway(
  metrics: Metrics,
  { jobs, storage }: { jobs: JobClient; storage: ObjectStorage },
): Measured {
  measureQueues(metrics, jobs);
  measureRedis(metrics, jobs);
  return {
    jobs: measureFollowers(metrics, measureWaits(metrics, jobs)),
    storage: measureUploads(metrics, measureStorage(metrics, storage)),
    measureRequests: createRequestMeasure(metrics),
  };
}

/** Up to the longest wait, 60 s. */
const WAIT_BUCKETS_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60];

function measureWaits(metrics: Metrics, jobs: JobClient): JobClient {
  const seconds = metrics.histogram({
    name: 'facehash_gateway_wait_seconds',
    help: 'How long `Prefer: wait` held a request, by how the wait ended.',
    labels: ['outcome'],
    buckets: WAIT_BUCKETS_S,
  });
  let held = 0;
  metrics.gauge({
    name: 'facehash_gateway_waits',
    help: 'Requests that wait for their job now.',
    labels: [],
    read: () => [{ labels: {}, value: held }],
  });

  return {
    ...jobs,
    async wait(jobId, ms, signal) {
      const startedAt = performance.now();
      let outcome = 'failed';
      held++;
      try {
        const record = await jobs.wait(jobId, ms, signal);
        if (record !== undefined && isEnded(record.job.status)) outcome = 'ended';
        else outcome = signal?.aborted === true ? 'abandoned' : 'expired';
        return record;
      } finally {
        held--;
        seconds({ outcome }, (performance.now() - startedAt) / 1000);
      }
    },
  };
}

function measureFollowers(metrics: Metrics, jobs: JobClient): JobClient {
  let held = 0;
  metrics.gauge({
    name: 'facehash_gateway_event_streams',
    help: "Clients that follow a job's events now.",
    labels: [],
    read: () => [{ labels: {}, value: held }],
  });

  return {
    ...jobs,
    async watch(jobId, changed, signal) {
      held++;
      try {
        await jobs.watch(jobId, changed, signal);
      } finally {
        held--;
      }
    },
  };
}

function measureUploads(metrics: Metrics, storage: ObjectStorage): ObjectStorage {
  const bytes = metrics.counter({
    name: 'facehash_gateway_upload_bytes_total',
    help: 'Bytes of images stored for requests, those of requests that failed later included.',
    labels: [],
  });
  return {
    ...storage,
    async put(key, body, options) {
      const stored = await storage.put(key, body, options);
      if (key.startsWith('uploads/')) bytes({}, stored.bytes);
      return stored;
    },
  };
}
