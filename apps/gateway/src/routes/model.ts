import { AppError, type ModelCard, type ModelResource } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import { models, subjects, type ObjectStorage } from '@facehash/storage';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.js';
import { methodNotAllowed } from './method-not-allowed.js';

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
      const training = (await jobs.trainings.runningJob(key.id)) ?? null;
      const version = await stored.currentVersion();
      const card = version === undefined ? undefined : await stored.card(version);
      if (card === undefined) {
        throw new AppError(
          'NOT_FOUND',
          'This key has no model yet; enrol a person with POST /v1/train first.',
          { details: { training } },
        );
      }
      const labels = await presentLabels(storage, key.id, card);
      res.set('Cache-Control', 'no-store').json(toResource(card, labels, training));
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  return router;
}

/** As the subjects are called now: a change of label makes no new model. */
async function presentLabels(storage: ObjectStorage, keyId: string, card: ModelCard) {
  const labels = new Map<string, string>();
  for await (const { id, label } of subjects(storage, keyId).list()) labels.set(id, label);
  return card.labels.flatMap(({ subjectId, photos }) => {
    const label = labels.get(subjectId);
    return label === undefined ? [] : [{ label, subject_id: subjectId, photos }];
  });
}

function toResource(
  card: ModelCard,
  labels: ModelResource['labels'],
  training: string | null,
): ModelResource {
  return {
    object: 'model',
    version: card.version,
    features: card.features,
    background: card.background,
    labels,
    photos: labels.reduce((sum, { photos }) => sum + photos, 0),
    threshold: card.threshold,
    target_fpir: card.targetFpir,
    calibration: card.calibration,
    trained_at: card.trainedAt,
    trained_by: card.jobId,
    training,
  };
}
