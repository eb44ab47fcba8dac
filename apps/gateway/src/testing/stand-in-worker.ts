import {
  newModelVersion,
  type EraseResult,
  type ImportResult,
  type LocatedFace,
  type ModelCard,
  type RecognizeResult,
  type TrainResult,
  type VerifyResult,
} from '@facehash/contracts';
import type { JobHandlers } from '@facehash/jobs';
import { uploads, type ObjectStorage } from '@facehash/storage';
import { createHash } from 'node:crypto';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A model that nobody will load; the gateway only asks whether there is one. */
export function standInModel(): { card: ModelCard; modelJson: Uint8Array; weights: Uint8Array } {
  const modelJson = Buffer.from('{}');
  const weights = Buffer.from([0]);
  const card: ModelCard = {
    version: newModelVersion(Date.now()),
    trainedAt: new Date().toISOString(),
    jobId: 'job_0',
    alongJobs: [],
    features: 'ratios',
    featuresReason: '',
    background: 'none',
    labels: [],
    threshold: 0,
    targetFpir: 0.01,
    calibration: 'uncalibrated',
    realised: null,
    checksums: { model: sha256(modelJson), weights: sha256(weights) },
    fitMs: 0,
  };
  return { card, modelJson, weights };
}

const NOBODY: RecognizeResult = { image: { width: 1, height: 1 }, faces: [], timings: {} };

const FACE: LocatedFace = {
  box: { left: 0, top: 0, width: 1, height: 1 },
  landmarks: Array.from({ length: 68 }, () => [0, 0]),
  quality: {
    eye_distance_px: 1,
    roll_deg: 0,
    turn: 0,
    nod: 0.5,
    sharpness: 0.1,
    brightness: 0.5,
    clipped: 0,
  },
};

const VERIFIED: VerifyResult = {
  ...{ match: true, score: 1, confidence: 0.5, threshold: 1, label: null, timings: {} },
  images: [{ field: 'image', width: 1, height: 1, faces: 1, face: FACE }],
};

const TRAINED: TrainResult = {
  label: null,
  subject_id: null,
  photos: { accepted: 0, refused: [], warnings: [], next: [] },
  model: {
    version: 'mdl_0',
    labels: 0,
    photos: 0,
    threshold: 0,
    calibration: 'uncalibrated',
    features: 'ratios',
    look_alikes: [],
  },
  timings: {},
};

const ERASED: EraseResult = {
  erased: { subjects: 1, photos: 0, feature_rows: 0, model_versions: 0, job_records: 0, audit_entries: 0 },
  timings: {},
};

const IMPORTED: ImportResult = {
  subjects: { known: 0, created: 1 },
  model: { version: 'mdl_0', labels: 1, threshold: 0, calibration: 'uncalibrated', features: 'ratios' },
  timings: {},
};

/** Handlers that end every job well and delete its uploads, as the real ones do. */
export function standInHandlers(storage: ObjectStorage): JobHandlers {
  return {
    recognize: {
      async run({ uploadKey }) {
        await storage.get(uploadKey);
        await uploads(storage).delete(uploadKey);
        return { result: NOBODY, model: { version: 'mdl_0', stale: false } };
      },
    },
    detect: {
      async run({ uploadKey }) {
        await uploads(storage).delete(uploadKey);
        return { result: NOBODY, model: null };
      },
    },
    verify: {
      async run({ jobId }) {
        await uploads(storage).deleteAll(jobId);
        return { result: VERIFIED, model: null };
      },
    },
    extract: {
      async run({ photos }) {
        for (const { uploadKey } of photos) {
          await storage.get(uploadKey);
          await uploads(storage).delete(uploadKey);
        }
        return { accepted: photos.length, refused: 0 };
      },
    },
    enrol: {
      run: ({ subject }) =>
        Promise.resolve({
          result: {
            ...{ label: subject.label, subject_id: subject.subjectId, timings: {} },
            photos: { accepted: subject.photos.length, refused: [], warnings: [], next: [] },
          },
          model: null,
        }),
    },
    erase: {
      run: () => Promise.resolve({ result: ERASED, model: null }),
    },
    import: {
      async run({ jobId }) {
        await uploads(storage).deleteAll(jobId);
        return { result: IMPORTED, model: { version: 'mdl_0', stale: false } };
      },
    },
    train: {
      run({ subject }) {
        const photos = { ...TRAINED.photos, accepted: subject?.photos.length ?? 0 };
        const who = { label: subject?.label ?? null, subject_id: subject?.subjectId ?? null };
        return Promise.resolve({
          result: { ...TRAINED, ...who, photos },
          model: { version: 'mdl_0', stale: false },
        });
      },
    },
  };
}
