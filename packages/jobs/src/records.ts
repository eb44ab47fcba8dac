import {
  AppError,
  toProblem,
  type JobFields,
  type JobStatus,
  type JobType,
  type JobWebhook,
} from '@facehash/contracts';
import type { Redis } from './connection.js';
import { EXTRACTED_PERCENT, type Answer, type Stage } from './catalogue.js';
import { toRecord, type JobRecord } from './record-fields.js';
import * as scripts from './record-scripts.js';
import { redisKeys } from './redis-keys.js';

interface NewJobRecord {
  readonly jobId: string;
  readonly type: JobType;
  readonly keyId: string;
  readonly requestId: string;
  readonly fields?: JobFields | undefined;
  /** The training that has to end before this job begins. */
  readonly waitingFor?: string | undefined;
  /** Photos a training will extract; its progress is counted in them. */
  readonly photos?: number;
  /** How long the record can be read once the job has ended; where it is not `RECORD_TTL_MS`. */
  readonly resultsHours?: number | undefined;
  /** Whom a training enrols, so that the records of a person are found although it failed. */
  readonly subjectId?: string | undefined;
}

type Outcome = Answer | { readonly error: AppError };

/** What a delivery of the queue finds when it starts: still to do, or settled already. */
export interface Found {
  readonly status: 'processing' | 'succeeded' | 'failed' | 'canceled' | 'missing';
  /** This step (one batch of a training) was done by an earlier delivery. */
  readonly done: boolean;
  readonly cleaned: boolean;
  /** Runs that began and never ended: each took its worker with it. */
  readonly crashes: number;
}

/** What a job was when it was cancelled; only the first two ended by it. */
type Canceled = 'queued' | 'processing' | 'publishing' | 'ended' | 'missing';

/** Job records: what callers are told. Every change is atomic; a job that has ended never changes again. */
export interface JobRecords {
  /** @throws AppError INTERNAL when the id is taken, UNAUTHORIZED when the key is being erased */
  create(record: NewJobRecord): Promise<void>;
  /** undefined: never existed, expired (24 h after its end, unless its key says otherwise) or lost with Redis' memory. */
  readonly read: (jobId: string) => Promise<JobRecord | undefined>;
  /** `step` names one delivery's part of the job, such as a batch. */
  start(jobId: string, step: string, stage: Stage): Promise<Found>;
  /** Before each run of a handler; a run that begins and does not end counts as a crash. */
  runBegins(jobId: string, step: string): Promise<void>;
  /** When another attempt will follow; the end of the job or step ends its runs too. */
  runEnds(jobId: string, step: string): Promise<void>;
  /** Ignored when it would go backwards or the job has ended. */
  progress(jobId: string, stage: string, percent: number): Promise<void>;
  /** Counts a step's photos, once per step however often it is reported. */
  stepDone(jobId: string, step: string, photos: number): Promise<void>;
  /** Ends the job and wakes who waits for it. → false when it had ended before, or is gone */
  finish(jobId: string, outcome: Outcome): Promise<boolean>;
  /** Ends the job as canceled, unless it has ended or its model is just being put in force. */
  cancel(jobId: string): Promise<Canceled>;
  /** For a training, before `current` moves: whether it may. After that it cannot be cancelled any more. */
  beginPublishing(jobId: string): Promise<boolean>;
  /** Forgets the job, and wakes who waits for it. */
  remove(jobId: string): Promise<void>;
  /**
   * Deletes a key's records, but for `except`, that hold one of these texts, whatever field it is in. Requires: texts as
   * JSON writes them.
   * @returns how many there were
   */
  forget(keyId: string, texts: readonly string[], except: string): Promise<number>;
  /** Remembers that the failed step's leftovers are gone. */
  cleaned(jobId: string, step: string): Promise<void>;
}

/** From its creation, and again from its end unless its key says otherwise: how long a caller can ask for a job. */
export const RECORD_TTL_MS = 24 * 60 * 60 * 1000;

/** How long a cancelled training's lock waits for its worker to clear up; when no worker does, the key must not stay locked. */
const CLEARING_MS = 60_000;

export function createJobRecords(redis: Redis, prefix: string): JobRecords {
  const keys = redisKeys(prefix);
  const run = (script: string, jobId: string, ...args: (string | number)[]): Promise<unknown> =>
    redis.eval(script, 2, keys.record(jobId), keys.progress, ...args);
  const ending = (jobId: string) => [RECORD_TTL_MS, keys.ended, jobId, keys.jobsOf(''), keys.outbox];
  const remove = async (jobId: string): Promise<void> => {
    await redis.eval(scripts.REMOVE, 2, keys.record(jobId), keys.jobsOf(''), keys.ended, jobId);
  };

  return {
    async create({
      jobId,
      type,
      keyId,
      requestId,
      fields,
      waitingFor,
      photos = 0,
      subjectId = '',
      resultsHours,
    }) {
      const hash = ['type', type, 'key_id', keyId, 'request_id', requestId, 'photos', photos];
      if (resultsHours !== undefined) hash.push('results_ms', resultsHours * 3_600_000);
      if (subjectId !== '') hash.push('subject_id', subjectId);
      if (waitingFor !== undefined) hash.push('waiting_for', waitingFor);
      if (fields !== undefined) hash.push('metadata', JSON.stringify(fields.metadata));
      if (fields?.webhook !== undefined) {
        const webhook: JobWebhook = { url: fields.webhook, events: fields.webhook_events ?? null };
        hash.push('webhook', JSON.stringify(webhook));
      }
      const owned = [keys.record(jobId), keys.jobsOf(keyId)];
      const created = await redis.eval(
        scripts.CREATE,
        2,
        ...owned,
        RECORD_TTL_MS,
        jobId,
        keys.record(''),
        ...hash,
      );
      if (created === -1) throw new AppError('UNAUTHORIZED', 'This API key and its data are being erased.');
      if (created !== 1) throw new AppError('INTERNAL', `A new job needs a new id, but ${jobId} is taken.`);
    },
    async read(jobId) {
      const [flat, now] = (await run(scripts.READ, jobId)) as [string[], number];
      return flat.length === 0 ? undefined : toRecord(jobId, flat, now);
    },
    async start(jobId, step, { stage, percent }) {
      const reply = await run(scripts.START, jobId, stage, percent, step);
      const [status, done, cleaned, crashes] = reply as [Found['status'] | null, number, number, number];
      return { status: status ?? 'missing', done: done === 1, cleaned: cleaned === 1, crashes };
    },
    async runBegins(jobId, step) {
      await run(scripts.COUNT_RUN, jobId, step, 1);
    },
    async runEnds(jobId, step) {
      await run(scripts.COUNT_RUN, jobId, step, -1);
    },
    async progress(jobId, stage, percent) {
      await run(scripts.PROGRESS, jobId, stage, percent);
    },
    async stepDone(jobId, step, photos) {
      await run(scripts.STEP_DONE, jobId, step, photos, EXTRACTED_PERCENT);
    },
    async finish(jobId, outcome) {
      const [status, ...fields] =
        'error' in outcome
          ? ['failed', 'error', JSON.stringify(toProblem(outcome.error))]
          : [
              ...['succeeded', 'result', JSON.stringify(outcome.result)],
              ...['model', JSON.stringify(outcome.model)],
            ];
      return (await run(scripts.FINISH, jobId, status!, ...ending(jobId), ...fields)) === 1;
    },
    async cancel(jobId) {
      const error = toProblem(new AppError('JOB_CANCELED', 'The job was cancelled before it had ended.'));
      const args = [CLEARING_MS, 'canceled', ...ending(jobId), 'error', JSON.stringify(error)];
      const reply = await redis.eval(scripts.CANCEL, 2, keys.record(jobId), keys.trainingLock(''), ...args);
      const was = reply as JobStatus | 'publishing' | null;
      if (was === null) return 'missing';
      return was === 'queued' || was === 'processing' || was === 'publishing' ? was : 'ended';
    },
    async beginPublishing(jobId) {
      return (await run(scripts.BEGIN_PUBLISHING, jobId)) === 1;
    },
    remove,
    async forget(keyId, texts, except) {
      const ids = (await redis.zrange(keys.jobsOf(keyId), 0, '-1')).filter((jobId) => jobId !== except);
      let forgotten = 0;
      for (const jobId of ids) {
        const fields = Object.values(await redis.hgetall(keys.record(jobId)));
        if (!texts.some((text) => fields.some((field) => field.includes(text)))) continue;
        await remove(jobId);
        forgotten++;
      }
      return forgotten;
    },
    async cleaned(jobId, step) {
      await run(scripts.CLEANED, jobId, step);
    },
  };
}
