import { isEnded, type Job } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import type { Request, Response } from 'express';
import { parsePrefer } from './prefer.js';

/** Seconds until a job under way is worth another look. */
export const POLL_AFTER_S = 1;

/** Answers with a job just accepted: 202 and its address, or 200 where the caller wanted to wait and it ended in time. */
export async function sendAccepted(
  req: Request,
  res: Response,
  jobs: JobClient,
  accepted: Job,
): Promise<void> {
  req.log.info({ job_id: accepted.id, job: accepted.type }, 'a job is accepted');
  const { waitS, respondAsync } = parsePrefer(req.get('prefer'));
  const job = waitS === 0 ? accepted : await latest(req, res, jobs, accepted, waitS);
  res.vary('Prefer').set('Cache-Control', 'no-store').location(accepted.urls.self);
  // A request sent again meets its job as that stands now.
  if (isEnded(job.status) && (waitS > 0 || res.hasHeader('Idempotency-Replayed'))) {
    if (waitS > 0) res.set('Preference-Applied', `wait=${waitS}`);
    res.json(job);
    return;
  }
  if (respondAsync) res.set('Preference-Applied', 'respond-async');
  res.status(202).set('Retry-After', String(POLL_AFTER_S)).json(job);
}

/** The job is accepted whatever happens while waiting: an error here would leave the caller without its address. */
async function latest(
  req: Request,
  res: Response,
  jobs: JobClient,
  accepted: Job,
  waitS: number,
): Promise<Job> {
  try {
    return (await jobs.wait(accepted.id, waitS * 1000, untilClosed(res)))?.job ?? accepted;
  } catch (error) {
    req.log.warn({ err: error, job_id: accepted.id }, 'waiting for the job failed; answered 202');
    return accepted;
  }
}

/** Aborts when nobody is left to answer: waiting on would only cost Redis reads. */
export function untilClosed(res: Response): AbortSignal {
  const closed = new AbortController();
  res.once('close', () => {
    closed.abort();
  });
  return closed.signal;
}
