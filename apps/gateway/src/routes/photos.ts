import { AppError, photoListQuerySchema, type PhotoList } from '@facehash/contracts';
import { photos } from '@facehash/storage';
import { Router } from 'express';
import { addPhotos } from './add-photos.js';
import { parseFields } from './form-fields.js';
import { methodNotAllowed } from './method-not-allowed.js';
import { sendErasure } from './send-erasure.js';
import { requireSubject } from './subject-resource.js';
import type { TrainDependencies } from './train.js';

/** `GET` and `POST /v1/subjects/:label/photos` and `DELETE /v1/subjects/:label/photos/:id`: what a subject was enrolled with. */
export function photoRoutes(dependencies: TrainDependencies): Router {
  const { authenticate, storage, jobs, admit } = dependencies;
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
        data: page.map(({ id, type, kept }) => ({ id, object: 'photo', type, kept })),
        has_more: hasMore,
        next_cursor: hasMore ? page.at(-1)!.id : null,
      };
      res.set('Cache-Control', 'no-store').json(list);
    })
    .post(addPhotos(dependencies))
    .all(methodNotAllowed('GET', 'HEAD', 'POST'));

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
