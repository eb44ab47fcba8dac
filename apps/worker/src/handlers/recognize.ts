import { AppError, type FaceQuality, type RecognizedFace } from '@facehash/contracts';
import type { JobHandler } from '@facehash/jobs';
import { models, subjects, uploads, type ObjectStorage } from '@facehash/storage';
import { eyeLine, ratioFeatures, type DetectedFace, type FaceAnalyzer } from '@facehash/vision';
import { classify } from '../classify.js';
import { underPresentNames } from '../present-names.js';
import type { LoadedModel, ModelCache } from '../model-cache.js';

export interface RecognizeDependencies {
  readonly storage: ObjectStorage;
  readonly analyzer: FaceAnalyzer;
  readonly modelCache: ModelCache;
}

/** Who is on the photo: analyse → ratios → score → classify, against the model in force. */
export function recognizeHandler({
  storage,
  analyzer,
  modelCache,
}: RecognizeDependencies): JobHandler<'recognize'> {
  const deletePhoto = ({ uploadKey }: { uploadKey: string }) => uploads(storage).delete(uploadKey);
  return {
    async run({ keyId, uploadKey, maxFaces }, { signal }) {
      const version = await models(storage, keyId).currentVersion();
      if (version === undefined) {
        throw new AppError(
          'MODEL_NOT_TRAINED',
          'This key knows nobody yet; enrol a person with POST /v1/train first.',
        );
      }
      const photo = await storage.get(uploadKey);
      signal.throwIfAborted();
      const { image, faces, timings } = await analyzer.analyze(photo, {
        profile: 'balanced',
        maxFaces,
        features: ['ratios'],
      });
      const startedAt = performance.now();
      const recognized = await modelCache.use(keyId, version, (loaded) =>
        nameFaces(faces, loaded, async (id) => (await subjects(storage, keyId).get(id))?.label),
      );
      const result = {
        image,
        faces: recognized,
        timings: { ...timings, classify: performance.now() - startedAt },
      };
      return { result, model: { version, stale: false } };
    },

    afterSuccess: deletePhoto,
    cleanUp: deletePhoto,
  };
}

async function nameFaces(
  faces: readonly DetectedFace[],
  { card, model }: LoadedModel,
  labelOf: (subjectId: string) => Promise<string | undefined>,
): Promise<RecognizedFace[]> {
  if (faces.length === 0) return [];
  const features = new Float32Array(faces.length * model.size);
  faces.forEach(({ landmarks }, at) => {
    features.set(ratioFeatures(landmarks), at * model.size);
  });
  const scores = await model.score(features);
  const classified = faces.map((_, at) =>
    classify(scores.subarray(at * model.labels, (at + 1) * model.labels), card),
  );
  const named = await underPresentNames(classified, labelOf);
  return faces.map(({ box, landmarks }, at) => ({
    box,
    landmarks: toPoints(landmarks),
    ...named[at]!,
    quality: qualityOf(landmarks),
  }));
}

function qualityOf(landmarks: Float32Array): FaceQuality {
  const { distance, roll } = eyeLine(landmarks);
  return { eye_distance_px: distance, roll_deg: (roll * 180) / Math.PI };
}

/** To a hundredth of a pixel: far below what landmarks mean, and half the bytes of the answer. */
function toPoints(landmarks: Float32Array): [number, number][] {
  const round = (value: number) => Math.round(value * 100) / 100;
  return Array.from({ length: landmarks.length / 2 }, (_, point) => [
    round(landmarks[2 * point]!),
    round(landmarks[2 * point + 1]!),
  ]);
}
