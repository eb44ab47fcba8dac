import { thresholdOf, type RecognizedFace, type RecognizePayload } from '@facehash/contracts';
import type { JobHandler } from '@facehash/jobs';
import { subjects, uploads, type ObjectStorage } from '@facehash/storage';
import type { DetectedFace, FaceAnalyzer } from '@facehash/vision';
import { answersAbout, audited } from '../audited.js';
import { judge, placeOf, presentLabel } from '../claim.js';
import { classify } from '../classify.js';
import { faceAnswer } from '../face-answer.js';
import type { LoadedModel, ModelCache } from '../model-cache.js';
import { modelInForce } from '../model-in-force.js';
import { underPresentNames } from '../present-names.js';
import { scoreFaces } from '../score-faces.js';

export interface RecognizeDependencies {
  readonly storage: ObjectStorage;
  readonly analyzer: FaceAnalyzer;
  readonly modelCache: ModelCache;
}

/** Who is on the photo: analyse → features → score → classify, against the model in force. */
export function recognizeHandler({
  storage,
  analyzer,
  modelCache,
}: RecognizeDependencies): JobHandler<'recognize'> {
  const deletePhoto = ({ uploadKey }: { uploadKey: string }) => uploads(storage).delete(uploadKey);
  return {
    async run(payload, context) {
      const { keyId, uploadKey, maxFaces, profile = 'balanced' } = payload;
      const model = await modelInForce(storage, keyId, context);
      const photo = await storage.get(uploadKey);
      context.signal.throwIfAborted();
      const labelOf = async (id: string) => (await subjects(storage, keyId).get(id))?.label;
      const result = await modelCache.use(keyId, model.version, async (loaded) => {
        // No more than this model looks at.
        const options = { profile, maxFaces, features: [loaded.card.features] };
        const { image, faces, timings } = await analyzer.analyze(photo, options);
        const startedAt = performance.now();
        const named = await nameFaces(faces, loaded, payload, labelOf);
        return { image, faces: named, timings: { ...timings, classify: performance.now() - startedAt } };
      });
      const answers = answersAbout(result.faces, payload.claimedSubjectId);
      await audited(storage, 'recognize', payload, { model: model.version, answers });
      return { result, model };
    },

    afterSuccess: deletePhoto,
    cleanUp: deletePhoto,
  };
}

async function nameFaces(
  faces: readonly DetectedFace[],
  loaded: LoadedModel,
  asked: Pick<RecognizePayload, 'threshold' | 'claimedSubjectId'>,
  labelOf: (subjectId: string) => Promise<string | undefined>,
): Promise<RecognizedFace[]> {
  const { card } = loaded;
  const { threshold: setting = 'strict', claimedSubjectId } = asked;
  const { threshold } = thresholdOf(setting, card);
  const scores = await scoreFaces(loaded, faces);
  const classified = scores.map((own) => classify(own, { ...card, threshold }));
  const named = await underPresentNames(classified, labelOf);
  const answers = faces.map((face, at) => ({ ...faceAnswer(face), ...named[at]! }));
  if (claimedSubjectId === undefined) return answers;

  const place = placeOf(claimedSubjectId, card);
  const label = await presentLabel(claimedSubjectId, labelOf);
  return answers.map((answer, at) => ({
    ...answer,
    claimed: { label, ...judge(scores[at]![place]!, threshold) },
  }));
}
