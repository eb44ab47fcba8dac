import { AppError, photoListQuerySchema, type PhotoList } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import { photos, type ObjectStorage } from '@facehash/storage';
import { Router } from 'express';
import type { Admit } from '../admission/admit.js';
import type { Authenticate } from '../authentication/authenticate.js';
import { parseFields } from './form-fields.js';
import { methodNotAllowed } from './method-not-allowed.js';
import { sendErasure } from './send-erasure.js';
import { requireSubject } from './subject-resource.js';

export interface PhotoDependencies {
  readonly authenticate: Authenticate;
  readonly storage: ObjectStorage;
  readonly jobs: JobClient;
  readonly admit: Admit;
}

/** `GET /v1/subjects/:label/photos` and `DELETE /v1/subjects/:label/photos/:id`: what a subject was enrolled with. */
export function photoRoutes({ authenticate, storage, jobs, admit }: PhotoDependencies): Router {
  const router = Router();

  router
    .route('/v1/subjects/:label/photos')
    .get(async (req, res) => {
      const key = await authenticate(req, 'read');
      const { limit, after = '' } = parseFields(photoListQuerySchema, req.query);
      const subject = await requireSubject(storage, key.id, req.params.label);
      const following = (await photos(storage, key.id).list(subject.id)).filter(({ id }) => id > after);
      const page = following.slice(0, limit);
      const hasMore = following.length > limit;
      const list: PhotoList = {
        object: 'list',
        data: page.map(({ id, type }) => ({ id, object: 'photo', type })),
        has_more: hasMore,
        next_cursor: hasMore ? page.at(-1)!.id : null,
      };
      res.set('Cache-Control', 'no-store').json(list);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  router
    .route('/v1/subjects/:label/photos/:id')
    .delete(async (req, res) => {
      const key = await authenticate(req, 'train');
      await sendErasure({ req, res, jobs, admit, key }, async () => {
        const subject = await requireSubject(storage, key.id, req.params.label);
        const kept = await photos(storage, key.id).list(subject.id);
        if (kept.some(({ id }) => id === req.params.id)) {
          return { subjectId: subject.id, photoId: req.params.id };
        }
        throw new AppError('NOT_FOUND', 'This subject has no such photo; their list tells the ids.');
      });
    })
    .all(methodNotAllowed('DELETE'));

  return router;
}
