import { thresholdOf, type FeatureSetName, type VerifyPayload } from '@facehash/contracts';
import type { Answer, JobHandler, Result } from '@facehash/jobs';
import { PAIR_THRESHOLD, pairLlr, project } from '@facehash/keras-models';
import { subjects, uploads, type ObjectStorage } from '@facehash/storage';
import { FEATURE_SETS, type FaceAnalyzer } from '@facehash/vision';
import type { Backgrounds } from '../backgrounds.js';
import { audited, verdict } from '../audited.js';
import { judge, placeOf, presentLabel } from '../claim.js';
import { findLargestFace, type LargestFace } from '../largest-face.js';
import type { ModelCache } from '../model-cache.js';
import { modelInForce } from '../model-in-force.js';
import { scoreFaces } from '../score-faces.js';

export interface VerifyDependencies {
  readonly storage: ObjectStorage;
  readonly analyzer: FaceAnalyzer;
  readonly backgrounds: Backgrounds;
  readonly modelCache: ModelCache;
}

/**
 * Whether two images show one person, or an image somebody enrolled. Two images are scored by their embeddings
 * against the background alone;
 * a label by the key's model, as in a recognition.
 */
export function verifyHandler(dependencies: VerifyDependencies): JobHandler<'verify'> {
  const { storage, analyzer, modelCache } = dependencies;
  const background = dependencies.backgrounds.embedding;
  const scorePair = pairLlr(background);

  const deleteImages = async ({ uploadKey, reference }: VerifyPayload): Promise<void> => {
    await uploads(storage).delete(uploadKey);
    if ('uploadKey' in reference) await uploads(storage).delete(reference.uploadKey);
  };
  const projectionOf = ({ face }: LargestFace) => project(background, FEATURE_SETS.embedding.of(face));

  return {
    async run(payload, context) {
      const { keyId, uploadKey, reference, threshold: asked } = payload;
      const find = async (
        field: 'image' | 'reference',
        key: string,
        features: readonly FeatureSetName[],
      ): Promise<LargestFace> => {
        const photo = await storage.get(key);
        context.signal.throwIfAborted();
        return findLargestFace(analyzer, field, photo, features);
      };

      if ('uploadKey' in reference) {
        const one = await find('image', uploadKey, ['embedding']);
        const other = await find('reference', reference.uploadKey, ['embedding']);
        // The names mean a model's thresholds.
        const threshold = typeof asked === 'number' ? asked : PAIR_THRESHOLD;
        const timedFrom = performance.now();
        const score = scorePair(projectionOf(one), projectionOf(other));
        const judged = judge(score, threshold);
        const answers = [{ ...verdict(judged, threshold), subject_id: null }];
        await audited(storage, 'verify', payload, { model: null, answers });
        return answer({ ...judged, label: null, threshold }, [one, other], timedFrom, null);
      }

      const { subjectId } = reference;
      const model = await modelInForce(storage, keyId, context);
      return modelCache.use(keyId, model.version, async (loaded) => {
        const place = placeOf(subjectId, loaded.card);
        const shown = await find('image', uploadKey, [loaded.card.features]);
        const timedFrom = performance.now();
        const [scores] = await scoreFaces(loaded, [shown.face]);
        const { threshold } = thresholdOf(asked ?? 'strict', loaded.card);
        const labelOf = async (id: string) => (await subjects(storage, keyId).get(id))?.label;
        const label = await presentLabel(subjectId, labelOf);
        const judged = judge(scores![place]!, threshold);
        const answers = [{ ...verdict(judged, threshold), subject_id: subjectId }];
        await audited(storage, 'verify', payload, { model: model.version, answers });
        return answer({ ...judged, label, threshold }, [shown], timedFrom, model);
      });
    },

    afterSuccess: deleteImages,
    cleanUp: deleteImages,
  };
}

function answer(
  verdict: Omit<Result<'verify'>['result'], 'images' | 'timings'>,
  images: readonly LargestFace[],
  timedFrom: number,
  model: Answer['model'],
): Result<'verify'> {
  const timings: Record<string, number> = { classify: performance.now() - timedFrom };
  for (const image of images) {
    for (const [stage, ms] of Object.entries(image.timings)) timings[stage] = (timings[stage] ?? 0) + ms;
  }
  return { result: { ...verdict, images: images.map((image) => image.shown), timings }, model };
}
