import {
  detectPayloadSchema,
  enrolPayloadSchema,
  erasePayloadSchema,
  extractPayloadSchema,
  importPayloadSchema,
  recognizePayloadSchema,
  trainPayloadSchema,
  verifyPayloadSchema,
  type DetectResult,
  type EnrolResult,
  type EraseResult,
  type ImportResult,
  type Job,
  type RecognizeResult,
  type TrainResult,
  type VerifyResult,
} from '@facehash/contracts';
import type { z } from 'zod';

interface JobKind {
  /** Parsed where the job enters the queue and again where it leaves it. */
  readonly schema: z.ZodType;
  /** Tries in all when a failure may pass by itself; a crash of the worker is counted apart (MAX_CRASHES). */
  readonly attempts: number;
  /** Of one attempt, in the worker. */
  readonly timeoutMs: number;
  /** Jobs of this kind one worker runs at once: one per vision slot, or a single one. */
  readonly perWorker: 'slots' | 'one';
  /** What the caller sees as soon as a worker has taken the job. */
  readonly started: Stage;
}

export interface Stage {
  readonly stage:
    | 'recognizing'
    | 'detecting'
    | 'verifying'
    | 'extracting'
    | 'fitting'
    | 'enrolling'
    | 'erasing'
    | 'importing';
  readonly percent: number;
}

/** Share of a training's progress bar that its photos fill; the fit has the rest. */
export const EXTRACTED_PERCENT = 90;

/**
 * Every job as data: this table types the producers and the handlers, so a job without a handler does not
 * compile. An `extract` is a part of a training or an enrolment and has no record of its own; the others have one.
 */
export const JOB_CATALOGUE = {
  recognize: {
    schema: recognizePayloadSchema,
    attempts: 3,
    timeoutMs: 30_000,
    perWorker: 'slots',
    started: { stage: 'recognizing', percent: 10 },
  },
  detect: {
    schema: detectPayloadSchema,
    attempts: 3,
    timeoutMs: 30_000,
    perWorker: 'slots',
    started: { stage: 'detecting', percent: 10 },
  },
  verify: {
    schema: verifyPayloadSchema,
    attempts: 3,
    // Two photos, one after the other.
    timeoutMs: 60_000,
    perWorker: 'slots',
    started: { stage: 'verifying', percent: 10 },
  },
  extract: {
    schema: extractPayloadSchema,
    attempts: 3,
    timeoutMs: 120_000,
    // A batch spreads its photos over the vision slots itself.
    perWorker: 'one',
    started: { stage: 'extracting', percent: 0 },
  },
  train: {
    schema: trainPayloadSchema,
    attempts: 3,
    timeoutMs: 120_000,
    perWorker: 'one',
    started: { stage: 'fitting', percent: EXTRACTED_PERCENT },
  },
  /** As a training, without the fit. */
  enrol: {
    schema: enrolPayloadSchema,
    attempts: 3,
    timeoutMs: 120_000,
    perWorker: 'one',
    started: { stage: 'enrolling', percent: EXTRACTED_PERCENT },
  },
  /** Holds the key's training lock as a training does. */
  erase: {
    schema: erasePayloadSchema,
    attempts: 3,
    timeoutMs: 120_000,
    perWorker: 'one',
    started: { stage: 'erasing', percent: 10 },
  },
  /** Holds the key's training lock as a training does. */
  import: {
    schema: importPayloadSchema,
    attempts: 3,
    timeoutMs: 120_000,
    perWorker: 'one',
    started: { stage: 'importing', percent: 10 },
  },
} as const satisfies Record<string, JobKind>;

export type JobName = keyof typeof JOB_CATALOGUE;

/** Jobs of one request's images, which any worker does alone and without the key's training lock. */
export type ImageJobName = 'recognize' | 'detect' | 'verify';

export const JOB_NAMES = Object.keys(JOB_CATALOGUE) as JobName[];

export type Payload<N extends JobName> = z.infer<(typeof JOB_CATALOGUE)[N]['schema']>;

type JobResult =
  RecognizeResult | DetectResult | VerifyResult | TrainResult | EnrolResult | EraseResult | ImportResult;

/** How a job ends well: what its caller gets, and the model that said so. */
export interface Answer<R extends JobResult = JobResult> {
  readonly result: R;
  readonly model: Job['model'];
}

interface Results {
  recognize: Answer<RecognizeResult>;
  detect: Answer<DetectResult>;
  verify: Answer<VerifyResult>;
  /** Photos of the batch that became feature rows, and those that did not. */
  extract: { readonly accepted: number; readonly refused: number };
  train: Answer<TrainResult>;
  enrol: Answer<EnrolResult>;
  erase: Answer<EraseResult>;
  import: Answer<ImportResult>;
}

/** What a handler returns. It goes into the job's record, never into the queue. */
export type Result<N extends JobName> = Results[N];
