import {
  newId,
  type DetectResult,
  type EnrolResult,
  type EraseResult,
  type ImportResult,
  type RecognizeResult,
  type TrainResult,
  type VerifyResult,
} from '@facehash/contracts';
import type { Answer, Payload } from '../catalogue.js';
import type { JobHandlers } from '../delivery.js';
import type { JobLogger } from '../logger.js';

/** A fresh prefix per test: tests share a Redis and never meet. */
export const newPrefix = (): string => newId('request');

export const silent: JobLogger = { info: nothing, warn: nothing, error: nothing };

export function recognizePayload(uploadKey = 'uploads/photo'): Payload<'recognize'> {
  return { jobId: newId('job'), keyId: newId('key'), requestId: newId('request'), uploadKey, maxFaces: 1 };
}

/** A training of `batches` batches of two photos; `uploadKeys` names each batch's photos. */
export function training(uploadKeys: readonly string[]): {
  train: Payload<'train'>;
  extracts: Payload<'extract'>[];
} {
  const envelope = { jobId: newId('job'), keyId: newId('key'), requestId: newId('request') };
  const subjectId = newId('subject');
  const batches = uploadKeys.map((uploadKey) =>
    [1, 2].map((n) => ({ photoId: newId('photo'), uploadKey, fileName: `${n}.jpg` })),
  );
  const subject = { subjectId, label: 'Ada', batches: batches.length, photos: batches.flat() };
  return {
    train: { ...envelope, subject },
    extracts: batches.map((photos, batch) => ({ ...envelope, subjectId, batch, photos })),
  };
}

export const answer: Answer<RecognizeResult> = {
  result: { image: { width: 640, height: 480 }, faces: [], timings: { decode: 1 } },
  model: { version: 'mdl_1', stale: false },
};

const detected: Answer<DetectResult> = { ...answer, model: null };

const verified: Answer<VerifyResult> = {
  result: {
    ...{ match: false, score: -1, confidence: 0.1, threshold: 1, label: null, timings: {} },
    images: [],
  },
  model: null,
};

export const trained: Answer<TrainResult> = {
  result: {
    label: 'Ada',
    subject_id: 'sub_1',
    photos: { accepted: 4, refused: [], warnings: [], next: [] },
    model: {
      version: 'mdl_2',
      labels: 1,
      photos: 4,
      threshold: 2.5,
      calibration: 'uncalibrated',
      features: 'ratios',
      look_alikes: [],
    },
    timings: {},
  },
  model: { version: 'mdl_2', stale: false },
};

const enrolled: Answer<EnrolResult> = {
  result: {
    label: 'Ada',
    subject_id: 'sub_1',
    photos: { accepted: 4, refused: [], warnings: [], next: [] },
    timings: {},
  },
  model: null,
};

const erased: Answer<EraseResult> = {
  result: {
    erased: { subjects: 1, photos: 4, feature_rows: 4, model_versions: 1, job_records: 1, audit_entries: 0 },
    timings: {},
  },
  model: null,
};

const imported: Answer<ImportResult> = {
  result: {
    subjects: { known: 1, created: 0 },
    model: {
      ...{ version: 'mdl_2', labels: 1, threshold: 2.5 },
      ...{ calibration: 'uncalibrated', features: 'ratios' },
    },
    timings: {},
  },
  model: { version: 'mdl_2', stale: false },
};

/** Handlers that do their job at once. */
export const handlers: JobHandlers = {
  recognize: { run: () => Promise.resolve(answer) },
  detect: { run: () => Promise.resolve(detected) },
  verify: { run: () => Promise.resolve(verified) },
  extract: { run: ({ photos }) => Promise.resolve({ accepted: photos.length, refused: 0 }) },
  train: { run: () => Promise.resolve(trained) },
  enrol: { run: () => Promise.resolve(enrolled) },
  erase: { run: () => Promise.resolve(erased) },
  import: { run: () => Promise.resolve(imported) },
};

function nothing(): void {
  // a logger that says nothing
}
