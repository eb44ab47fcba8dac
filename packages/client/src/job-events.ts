import type { Job } from '@facehash/contracts';
import { readEventStream } from './event-stream.js';
import { FaceHashError } from './facehash-error.js';
import type { JobOf, JobProgress } from './job.js';
import type { CallOptions, Send } from './send.js';
import { sleep } from './sleep.js';

export type JobEvent<Result> =
  | { readonly type: 'progress'; readonly status: Job['status']; readonly progress: JobProgress }
  | { readonly type: 'end'; readonly job: JobOf<Result> };

/** A server that restarts, or a proxy that cuts off what takes long, is back by then. */
const RECONNECT_MS = 1000;
/** Connections that bring nothing, one after the other, before it is given up. */
const MAX_IDLE_CONNECTIONS = 10;

/**
 * What happens to a job, until its end. A connection that breaks is opened again, and the server goes on after the last
 * event that came.
 * @throws FaceHashError when the job is unknown, or the server stays away
 */
export async function* jobEvents<Result>(
  send: Send,
  path: string,
  { signal }: CallOptions = {},
): AsyncGenerator<JobEvent<Result>> {
  let last = '';
  for (let idle = 0; idle < MAX_IDLE_CONNECTIONS; idle++) {
    const headers = { accept: 'text/event-stream', ...(last === '' ? {} : { 'last-event-id': last }) };
    const body = await send({ path, headers, signal }, (response) => Promise.resolve(response.body));
    try {
      for await (const { id, event, data } of readEventStream(body!)) {
        last = id;
        idle = 0;
        if (event === 'end') {
          yield { type: 'end', job: JSON.parse(data) as JobOf<Result> };
          return;
        }
        const { status, progress } = JSON.parse(data) as Job;
        yield { type: 'progress', status, progress };
      }
    } catch (error) {
      signal?.throwIfAborted();
      // Streams break off with whatever the platform calls it.
      if (error instanceof FaceHashError) throw error;
    }
    await sleep(RECONNECT_MS, signal);
  }
  throw new FaceHashError('UNAVAILABLE', 'The events of the job broke off again and again.', {
    retryable: true,
  });
}
