import { toFaceHashError } from './facehash-error.js';
import { jobEvents, type JobEvent } from './job-events.js';
import { hasEnded, type JobOf, type JobProgress } from './job.js';
import { readJson, type CallOptions, type Send } from './send.js';
import { sleep } from './sleep.js';

export interface WaitOptions extends CallOptions {
  /** Seconds after which the wait (not the job) ends with a TimeoutError; for ever unless told. */
  readonly timeoutS?: number;
  /** Called with every look at the job. */
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
}

/** A job on the server. It goes on whether anybody waits or not. */
export interface JobHandle<Result> {
  readonly id: string;
  /** The server had done this already: an earlier call brought the same idempotency key. */
  readonly isReplayed: boolean;
  /** The job as it was last seen; undefined before the first look. */
  readonly latest: JobOf<Result> | undefined;
  get(options?: CallOptions): Promise<JobOf<Result>>;
  /** The job once it has ended, well or not. */
  wait(options?: WaitOptions): Promise<JobOf<Result>>;
  /** Waits for the result. @throws FaceHashError when the job failed or was cancelled */
  result(options?: WaitOptions): Promise<Result>;
  /** Ends the job; one that has ended stays as it is. */
  cancel(options?: CallOptions): Promise<JobOf<Result>>;
  /** Ends the job and forgets it with its result. */
  delete(options?: CallOptions): Promise<void>;
  events(options?: CallOptions): AsyncIterable<JobEvent<Result>>;
}

/** The longest the server holds an answer back; longer waits are chained. */
const MAX_WAIT_S = 60;
/** Short enough that a progress bar moves. */
const LOOK_S = 1;

export function jobHandle<Result>(
  send: Send,
  id: string,
  known: {
    readonly job?: JobOf<Result>;
    readonly onProgress?: WaitOptions['onProgress'];
    readonly isReplayed?: boolean;
  } = {},
): JobHandle<Result> {
  const path = `/v1/jobs/${encodeURIComponent(id)}`;
  let latest = known.job;
  const look = async (waitS: number, signal?: AbortSignal): Promise<JobOf<Result>> => {
    const headers = waitS > 0 ? { prefer: `wait=${waitS}` } : {};
    latest = await send({ path, headers, signal }, readJson<JobOf<Result>>);
    return latest;
  };

  const handle: JobHandle<Result> = {
    id,
    isReplayed: known.isReplayed ?? false,
    get latest() {
      return latest;
    },
    get: ({ signal } = {}) => look(0, signal),

    async wait({ timeoutS, signal: caller, onProgress = known.onProgress } = {}) {
      const signals = [caller, timeoutS === undefined ? undefined : AbortSignal.timeout(timeoutS * 1000)];
      const signal = AbortSignal.any(signals.filter((one) => one !== undefined));
      const waitS = onProgress === undefined ? MAX_WAIT_S : LOOK_S;
      let job = latest ?? (await look(0, signal));
      for (;;) {
        onProgress?.(job.progress);
        if (hasEnded(job.status)) return job;
        const before = Date.now();
        job = await look(waitS, signal);
        // A server that is closing down answers early; asking it without a pause would be a flood.
        if (!hasEnded(job.status)) await sleep(LOOK_S * 1000 - (Date.now() - before), signal);
      }
    },

    async result(options) {
      const { result, error } = await handle.wait(options);
      if (error !== null) throw toFaceHashError(error);
      return result!;
    },

    cancel: async ({ signal } = {}) => {
      latest = await send({ method: 'POST', path: `${path}/cancel`, signal }, readJson<JobOf<Result>>);
      return latest;
    },
    delete: ({ signal } = {}) => send({ method: 'DELETE', path, signal }, () => Promise.resolve()),
    events: (options) => jobEvents<Result>(send, `${path}/events`, options),
  };
  return handle;
}
