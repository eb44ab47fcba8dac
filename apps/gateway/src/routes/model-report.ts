import {
  AppError,
  thresholdOf,
  toModelReportResource,
  type ModelCard,
  type ModelReportResource,
} from '@facehash/contracts';
import { models, type ObjectStorage } from '@facehash/storage';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.js';
import { methodNotAllowed } from './method-not-allowed.js';
import { presentLabels } from './present-labels.js';

/** `GET /v1/model/report`: what the training found out about the people the model knows. Nothing is computed here. */
export function modelReportRoutes(o: { authenticate: Authenticate; storage: ObjectStorage }): Router {
  const { authenticate, storage } = o;
  const router = Router();

  router
    .route('/v1/model/report')
    .get(async (req, res) => {
      const key = await authenticate(req, 'read');
      const stored = models(storage, key.id);
      const version = await stored.currentVersion();
      const card = version === undefined ? undefined : await stored.card(version);
      const report = card && (await stored.report(card.version));
      if (report === undefined) {
        throw new AppError('NOT_FOUND', whyNone(card));
      }
      const labelOf = await presentLabels(storage, key.id);
      // The report was made at the strict threshold, whatever the key's own is now.
      const about = { version: card!.version, threshold: thresholdOf('strict', card!).threshold };
      res
        .set('Cache-Control', 'no-store')
        .json(toModelReportResource(report, about, (id) => labelOf.get(id)) satisfies ModelReportResource);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  return router;
}

/** A model that was trained elsewhere may have learnt any of the key's photos: how well they fit it would say nothing of others. */
function whyNone(card: ModelCard | undefined): string {
  if (card?.origin === 'imported') {
    return (
      `There is no report: ${card.version} was trained elsewhere, and may know the key's photos by heart. ` +
      'Measure it on photos it has not seen; POST /v1/train makes a model with a report in its place.'
    );
  }
  return card === undefined
    ? 'There is no report: the key has no model yet. POST /v1/train makes one.'
    : 'There is no report of this model: it was made before there were reports. POST /v1/train makes one.';
}
