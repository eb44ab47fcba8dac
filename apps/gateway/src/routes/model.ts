import {
  AppError,
  TARGET_FPIR,
  thresholdOf,
  type ModelCard,
  type ModelResource,
  type ThresholdSetting,
} from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import { models, photos, type ObjectStorage } from '@facehash/storage';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.js';
import { methodNotAllowed } from './method-not-allowed.js';
import { presentLabels } from './present-labels.js';

/** `GET /v1/model`: what the key recognises with. 404 before the first training; its `training` tells one under way. */
export function modelRoutes(o: {
  authenticate: Authenticate;
  storage: ObjectStorage;
  jobs: JobClient;
}): Router {
  const { authenticate, storage, jobs } = o;
  const router = Router();

  router
    .route('/v1/model')
    .get(async (req, res) => {
      const key = await authenticate(req, 'read');
      const stored = models(storage, key.id);
      const training = (await jobs.trainings.underWay(key.id))[0] ?? null;
      const version = await stored.currentVersion();
      const card = version === undefined ? undefined : await stored.card(version);
      const labelOf = await presentLabels(storage, key.id);
      const pending = await pendingPhotos(storage, key.id, labelOf, card);
      if (card === undefined) {
        throw new AppError(
          'NOT_FOUND',
          'This key has no model yet; enrol a person with POST /v1/train first.',
          { details: { training, pending_photos: pending } },
        );
      }
      res.set('Cache-Control', 'no-store').json({
        ...toResource(card, key.threshold, labelOf),
        pending_photos: pending,
        training,
      } satisfies ModelResource);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  return router;
}

/** Kept of people enrolled, and not in the model; those of a training under way are among them. */
async function pendingPhotos(
  storage: ObjectStorage,
  keyId: string,
  labelOf: ReadonlyMap<string, string>,
  card: ModelCard | undefined,
): Promise<number> {
  const known = new Map(card?.labels.map(({ subjectId, photos: learnt }) => [subjectId, learnt]));
  let pending = 0;
  for (const [subjectId, kept] of await photos(storage, keyId).counts()) {
    if (labelOf.has(subjectId)) pending += Math.max(0, kept - (known.get(subjectId) ?? 0));
  }
  return pending;
}

function toResource(
  card: ModelCard,
  setting: ThresholdSetting,
  labelOf: ReadonlyMap<string, string>,
): Omit<ModelResource, 'training' | 'pending_photos'> {
  const labels = card.labels.flatMap(({ subjectId, photos: learnt }) => {
    const label = labelOf.get(subjectId);
    return label === undefined ? [] : [{ label, subject_id: subjectId, photos: learnt }];
  });
  return {
    object: 'model',
    version: card.version,
    features: card.features,
    features_reason: card.featuresReason,
    background: card.background,
    fit: card.origin === 'imported' ? null : card.refinement?.taken === true ? 'refined' : 'closed_form',
    fit_reason: card.refinement?.reason ?? '',
    labels,
    photos: labels.reduce((sum, { photos: learnt }) => sum + learnt, 0),
    ...thresholdOf(setting, card),
    threshold_setting: setting,
    target_fpir: typeof setting === 'number' ? null : TARGET_FPIR[setting],
    calibration: card.calibration,
    origin: card.origin ?? 'trained',
    trained_at: card.trainedAt,
    trained_by: card.jobId,
  };
}
