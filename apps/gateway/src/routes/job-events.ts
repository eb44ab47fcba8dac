import { isEnded, type Job } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.js';
import { untilClosed } from './job-response.js';
import { methodNotAllowed } from './method-not-allowed.js';
import { ownJob } from './own-job.js';

/** Proxies close what has been silent for a minute; a comment is not silence. */
const HEARTBEAT_MS = 15_000;

export interface JobEventsDependencies {
  readonly authenticate: Authenticate;
  readonly jobs: JobClient;
  readonly heartbeatMs?: number;
}

/**
 * `GET /v1/jobs/:id/events`: the job's progress and end as server-sent events. An event is the record as it stands, and
 * its id says so: whoever reconnects with `Last-Event-ID` hears what has changed since, and never the same again.
 */
export function jobEventRoutes(dependencies: JobEventsDependencies): Router {
  const { authenticate, jobs, heartbeatMs = HEARTBEAT_MS } = dependencies;
  const router = Router();

  router
    .route('/v1/jobs/:id/events')
    .head(methodNotAllowed('GET')) // or Express would answer it with a stream
    .get(async (req, res) => {
      const key = await authenticate(req);
      const { job } = await ownJob(jobs, key.id, req.params.id);
      let seen = req.get('last-event-id') ?? '';
      if (seen === END_ID && isEnded(job.status)) {
        // The one answer after which a browser's EventSource does not reconnect.
        res.status(204).end();
        return;
      }
      const closed = untilClosed(res);
      res.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no', // nginx would hold events back
      });
      res.flushHeaders();
      const heartbeat = setInterval(() => res.write(':\n\n'), heartbeatMs);
      try {
        await jobs.watch(
          job.id,
          (record) => {
            const { id, text } = toEvent(record.job);
            if (id !== seen) res.write(text);
            seen = id;
          },
          closed,
        );
      } catch (error) {
        // Too late for a problem document: the stream ends, and a reconnect is told what is wrong.
        req.log.warn({ err: error, job_id: job.id }, 'the events of a job broke off');
      } finally {
        clearInterval(heartbeat);
        res.end();
      }
    })
    .all(methodNotAllowed('GET'));

  return router;
}

const END_ID = 'end';

/** `data` is one line: JSON escapes line breaks. */
function toEvent(job: Job): { id: string; text: string } {
  const { status, progress } = job;
  const ended = isEnded(status);
  const id = ended ? END_ID : `${status}-${progress.percent}-${progress.stage}`;
  const data = JSON.stringify(ended ? job : { status, progress });
  return { id, text: `id: ${id}\nevent: ${ended ? 'end' : 'progress'}\ndata: ${data}\n\n` };
}
