import { AppError, type ApiKey, type Job } from '@facehash/contracts';
import type { JobClient, JobName } from '@facehash/jobs';
import type { Request, Response } from 'express';
import type { RequestUploads } from '../uploads/request-uploads.js';
import { fingerprint } from './fingerprint.js';
import { parseIdempotencyKey } from './idempotency-key.js';
import { whileRenewing } from './while-renewing.js';

export interface AdmissionLimits {
  /** Jobs of one key that have not ended; 0 = any number. */
  readonly openJobs: number;
  /** How long a job may have to wait in its queue; 0 = for ever. */
  readonly queueWaitMs: number;
}

/** A request that is to become a job, or became one when it was sent before. */
interface JobRequest {
  readonly req: Request;
  readonly res: Response;
  readonly key: ApiKey;
  /** Of the job, if there will be one. */
  readonly jobId: string;
  readonly stored?: RequestUploads;
}

/** What a route does with it, step by step. */
interface JobCall<Received extends { readonly parameters: unknown }, Held> {
  /** Where the job will wait. */
  readonly queue: JobName;
  /** Around the rest for a new job only: what it must hold, or must not meet, before its files come. */
  hold(work: (held: Held) => Promise<Job>): Promise<Job>;
  /** Stores the files and understands the fields. A request sent again goes as far as this, to be compared. */
  receive(): Promise<Received>;
  submit(received: Received, held: Held): Promise<Job>;
}

/**
 * Lets a request become a job, unless there are too many already, or gives the job it became before. What a request that
 * fails, or was sent before, has stored is gone afterwards.
 * @throws AppError IDEMPOTENCY_MISMATCH, IDEMPOTENCY_UNDER_WAY, QUEUE_LIMIT, OVERLOADED; whatever the call throws
 */
export type Admit = <Received extends { readonly parameters: unknown }, Held>(
  request: JobRequest,
  call: JobCall<Received, Held>,
) => Promise<Job>;

/** Seconds after which a first request may have been read. */
const UNDER_WAY_RETRY_S = 2;

export function createAdmit({ jobs, limits }: { jobs: JobClient; limits: AdmissionLimits }): Admit {
  const { idempotency, openJobs, waits } = jobs.admission;

  const assertRoom = async ({ key, jobId }: JobRequest, queue: JobName): Promise<void> => {
    const limit = key.limits.openJobs ?? limits.openJobs;
    if (limit > 0 && !(await openJobs.reserve(key.id, jobId, limit))) {
      throw new AppError(
        'QUEUE_LIMIT',
        `This key has ${limit} jobs that have not ended, and may have no more; wait for some of them.`,
        { details: { max_open_jobs: limit }, retryAfterS: 5 },
      );
    }
    if (limits.queueWaitMs === 0) return;
    const waitMs = await waits.estimate(queue, key.id);
    if (waitMs <= limits.queueWaitMs) return;
    throw new AppError(
      'OVERLOADED',
      `A job sent now would wait about ${Math.round(waitMs / 1000)} s, and none may wait longer than ` +
        `${limits.queueWaitMs / 1000} s; send the request again later.`,
      // A job is taken a second per second, as far as one knows; nobody should stay away for long.
      { retryAfterS: Math.min(60, Math.ceil((waitMs - limits.queueWaitMs) / 1000)) },
    );
  };

  return async <Received extends { readonly parameters: unknown }, Held>(
    request: JobRequest,
    call: JobCall<Received, Held>,
  ) => {
    const { req, res, key, jobId, stored } = request;
    const sent = parseIdempotencyKey(req.get('idempotency-key'));
    const found =
      sent === undefined ? ({ state: 'mine' } as const) : await idempotency.begin(key.id, sent, jobId);
    if (found.state === 'under-way') throw underWay();

    const printOf = async ({ parameters }: { readonly parameters: unknown }): Promise<string> =>
      fingerprint({ method: req.method, path: req.path, parameters, files: (await stored?.digests()) ?? [] });

    if (found.state === 'known') {
      const print = await discarding(stored, async () => printOf(await call.receive()));
      if (print !== found.fingerprint) throw mismatch();
      const record = await jobs.get(found.jobId);
      if (record === undefined) throw underWay(); // it was deleted just now; the next request makes a new one
      res.set('Idempotency-Replayed', 'true');
      return record.job;
    }

    const release = async (): Promise<void> => {
      const entries = [openJobs.release(key.id, jobId)];
      if (sent !== undefined) entries.push(idempotency.release(key.id, sent, jobId));
      // Where this fails, both end by themselves within 30 s.
      await Promise.allSettled(entries);
    };
    const renew = async (): Promise<void> => {
      await openJobs.renew(key.id, jobId);
      if (sent !== undefined) await idempotency.renew(key.id, sent, jobId);
    };
    const warn = (error: unknown): void => {
      req.log.warn({ err: error }, 'the place of a request could not be renewed');
    };
    const work = async (held: Held): Promise<Job> => {
      const received = await call.receive();
      const mine =
        sent === undefined || (await idempotency.commit(key.id, sent, jobId, await printOf(received)));
      if (!mine) throw underWay();
      return call.submit(received, held);
    };
    try {
      await assertRoom(request, call.queue);
      return await whileRenewing({ renew, failed: warn }, () =>
        call.hold((held) => (stored === undefined ? work(held) : stored.undoOnFailure(() => work(held)))),
      );
    } catch (error) {
      await release();
      throw error;
    }
  };
}

async function discarding<T>(stored: RequestUploads | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await stored?.discard();
  }
}

const underWay = () =>
  new AppError(
    'IDEMPOTENCY_UNDER_WAY',
    'The first request with this Idempotency-Key is still being received; send this again to get its job.',
    { retryAfterS: UNDER_WAY_RETRY_S },
  );

const mismatch = () =>
  new AppError(
    'IDEMPOTENCY_MISMATCH',
    'This Idempotency-Key came within the last 24 hours with another request; use a new one for another photo, ' +
      'other fields or another call.',
  );
