import { AppError, jobLogFields, toAppError, type TrainResult } from '@facehash/contracts';
import { JOB_CATALOGUE, type Answer, type JobName, type Payload, type Result } from './catalogue.js';
import type { JobLogger } from './logger.js';
import { OutOfTurn } from './out-of-turn.js';
import type { Found, JobRecords } from './records.js';
import type { RunSignals } from './run-signals.js';
import type { Trainings } from './trainings.js';
import { withinTime } from './within-time.js';

export interface JobContext {
  /** 1 for the first try. */
  readonly attempt: number;
  /**
   * Aborts at the timeout, and as soon as the job has ended without this run, as when it is cancelled; what the handler
   * returns after that is ignored. It is waited for in the second case, so it should look at the signal before it writes.
   */
  readonly signal: AbortSignal;
  /** `percent` of the whole job, as its caller sees it; never runs backwards. */
  progress(stage: string, percent: number): Promise<void>;
  /**
   * Resolves when no other job of the key changes who is enrolled or what the model knows, until this job has ended. While
   * one does, this run ends here: the rejection is to be let pass, and the job is begun again later.
   */
  turn(): Promise<void>;
  /** For `train`, in its turn: the other trainings of the key that have not ended, in the order they were accepted. */
  readonly others: OtherTrainings;
  /** Whether trainings or deletions are about to put another model of the key in force. */
  isModelStale(): Promise<boolean>;
  /** These subjects are stored now; the next job of the same label finds them there. */
  enrolled(subjectIds: readonly string[]): Promise<void>;
  /**
   * For `train`, right before it moves `current`: whether it is still its key's training and has not ended meanwhile. If
   * so it cannot be cancelled any more: a job that says "canceled" has changed nothing.
   */
  mayPublish(): Promise<boolean>;
  /**
   * For `erase`: deletes the key's other job records that hold one of these texts, written as in JSON. Returns how many.
   */
  forget(texts: readonly string[]): Promise<number>;
}

interface OtherTrainings {
  list(): Promise<string[]>;
  /** As the context's own; false when that training has ended, as when it was cancelled. */
  mayPublish(jobId: string): Promise<boolean>;
  /** Ends one that this run's model knows as well. */
  end(jobId: string, answer: Answer<TrainResult>): Promise<void>;
}

export interface JobHandler<N extends JobName> {
  /**
   * May run more than once for a job, even twice at the same time when a worker froze: write to fresh names,
   * and let an AppError say whether trying again makes sense (its `retryable`).
   */
  run(payload: Payload<N>, context: JobContext): Promise<Result<N>>;
  /**
   * Deletes what a job that succeeded needs no more. After its record has ended, so that a crash before that finds all it
   * needs for another try; again after a crash in the middle of it.
   */
  afterSuccess?(payload: Payload<N>): Promise<void>;
  /**
   * Deletes what a job that failed for good leaves behind. Once, however it failed; again only after a crash
   * in the middle of it. For `train` it runs after all batches have stopped, and has their photos to delete.
   */
  cleanUp?(payload: Payload<N>, error: AppError): Promise<void>;
}

export type JobHandlers = { readonly [N in JobName]: JobHandler<N> };

/** What the queue says about the job it hands over. */
export interface Delivery {
  readonly data: unknown;
  readonly attempt: number;
  readonly isLastAttempt: boolean;
}

/** How a delivery ended: `done` for good, `gave-up` for good, `again` after a failure, or `later`, when others have ended. */
export type Ending =
  { readonly kind: 'done' | 'later' } | { readonly kind: 'gave-up' | 'again'; readonly error: AppError };

/** One crash may be anybody's fault (power, memory, a neighbour's photo); the second try runs alone. */
const MAX_CRASHES = 2;

/** Takes one delivery to its end: record, handler, record. Knows nothing of BullMQ. */
export async function deliver<N extends JobName>(
  name: N,
  handler: JobHandler<N>,
  delivery: Delivery,
  o: {
    records: JobRecords;
    trainings: Trainings;
    signals: Pick<RunSignals, 'begin'>;
    logger: JobLogger;
    timeoutMs?: number;
  },
): Promise<Ending> {
  const { records, trainings, logger } = o;
  const { schema, timeoutMs, started } = JOB_CATALOGUE[name];
  const parsed = schema.safeParse(delivery.data);
  if (!parsed.success) return giveUpUnreadable(delivery.data, parsed.error, o);
  const payload = parsed.data as Payload<N>;
  const { jobId, keyId } = payload;
  const step = 'batch' in payload ? `extract-${payload.batch}` : name;
  const log = { ...jobLogFields(payload), step, attempt: delivery.attempt };

  const cleanUp = async (found: Found, error: AppError): Promise<void> => {
    // A job that another delivery ended well owns its photos: clearing up would delete them.
    if (found.status === 'succeeded' || found.cleaned) return;
    try {
      await handler.cleanUp?.(payload, error);
      await records.cleaned(jobId, step);
      if (name === 'train' || name === 'enrol' || name === 'import') await trainings.release(keyId, jobId);
    } catch (cause) {
      logger.error({ ...log, err: cause }, 'clearing up after a failed job failed');
    }
  };
  const succeed = async (): Promise<Ending> => {
    await handler.afterSuccess?.(payload).catch((cause: unknown) => {
      logger.error({ ...log, err: cause }, 'a job succeeded but left something behind');
    });
    return { kind: 'done' };
  };
  const giveUp = async (error: AppError): Promise<Ending> => {
    await records.finish(jobId, { error });
    await cleanUp(await records.start(jobId, step, started), error);
    return { kind: 'gave-up', error };
  };

  /** Another batch failed, it was cancelled, a reader settled it, the worker died while clearing up, or the record is gone. */
  const endedWithoutUs = async (found: Found): Promise<Ending> => {
    const error = new AppError('JOB_LOST', 'The job had ended before this part of it did.');
    await cleanUp(found, error);
    return { kind: 'gave-up', error };
  };

  // Before the first look at the record, or an end right after it would go unheard.
  const { ended, over } = o.signals.begin(jobId);
  try {
    // Before it is started: whoever looks at it sees that it is still queued.
    if ('waitFor' in payload && (await trainings.stillRunning(payload.waitFor ?? [])).length > 0) {
      return { kind: 'later' };
    }
    const found = await records.start(jobId, step, started);
    if (found.done || found.status === 'succeeded') return await succeed();
    if (found.status !== 'processing') return await endedWithoutUs(found);
    if (found.crashes >= MAX_CRASHES) {
      logger.error({ ...log, crashes: found.crashes }, 'the job ended its worker too often');
      return await giveUp(
        new AppError('WORKER_CRASHED', `The worker ended ${found.crashes} times while running this job.`),
      );
    }
    await records.runBegins(jobId, step);
    const work = (signal: AbortSignal) =>
      handler.run(payload, {
        attempt: delivery.attempt,
        signal,
        progress: (stage, percent) => records.progress(jobId, stage, percent),
        turn: async () => {
          if (!(await trainings.takeTurn(keyId, jobId))) throw new OutOfTurn();
        },
        others: {
          list: async () => (await trainings.underWay(keyId)).filter((other) => other !== jobId),
          mayPublish: (other) => records.beginPublishing(other),
          async end(other, answer) {
            await records.finish(other, answer);
          },
        },
        isModelStale: async () => (await trainings.underWay(keyId)).length > 0,
        enrolled: (subjectIds) => trainings.forgetNewcomers(keyId, subjectIds),
        mayPublish: async () =>
          (await trainings.holds(keyId, jobId)) && (await records.beginPublishing(jobId)),
        forget: async (texts) => {
          await trainings.forgetNewcomers(keyId, texts);
          return records.forget(keyId, texts, jobId);
        },
      });
    const result = await withinTime(o.timeoutMs ?? timeoutMs, work, ended);
    if (!('result' in result)) await records.stepDone(jobId, step, result.accepted + result.refused);
    else if (!(await records.finish(jobId, result))) {
      const now = await records.start(jobId, step, started);
      if (now.status !== 'succeeded') return await endedWithoutUs(now);
    }
    logger.info(log, 'a job is done');
    return await succeed();
  } catch (cause) {
    if (cause instanceof OutOfTurn) {
      await records.runEnds(jobId, step);
      return { kind: 'later' };
    }
    const error = toAppError(cause);
    if (ended.aborted) {
      logger.info(log, 'a run was stopped: its job had ended without it');
      return await giveUp(error);
    }
    // A timeout has cost its caller enough; trying again would multiply it.
    const again = error.retryable && error.code !== 'JOB_TIMED_OUT' && !delivery.isLastAttempt;
    // What is wrong with a caller's photo is the caller's to know: its details hold file names, often of people.
    const reason = error.status < 500 ? {} : { err: cause };
    logger.warn({ ...log, ...reason, code: error.code, again }, 'a job failed');
    if (!again) return await giveUp(error);
    await records.runEnds(jobId, step);
    return { kind: 'again', error };
  } finally {
    over();
  }
}

/** A payload that does not parse: gateway and worker are of different versions. Its caller still gets an end. */
async function giveUpUnreadable(
  data: unknown,
  cause: Error,
  { records, logger }: { records: JobRecords; logger: JobLogger },
): Promise<Ending> {
  const error = new AppError('INTERNAL', 'The worker could not read the job; see its log.', { cause });
  const jobId = typeof data === 'object' && data !== null && 'jobId' in data ? String(data.jobId) : undefined;
  logger.error({ job_id: jobId, err: cause }, 'a job of another version than this worker');
  if (jobId !== undefined) await records.finish(jobId, { error });
  return { kind: 'gave-up', error };
}
