import { AppError, thresholdOf, toModelReportResource, type ModelReportResource } from '@facehash/contracts';
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
        throw new AppError(
          'NOT_FOUND',
          'There is no report: the key has no model yet, or one that was not trained here. POST /v1/train makes one.',
        );
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
