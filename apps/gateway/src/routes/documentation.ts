import { Router } from 'express';
import { toDocument } from '../openapi/document.js';
import { OPERATIONS } from '../openapi/operations/index.js';
import { toPage } from '../openapi/page/page.js';
import { methodNotAllowed } from './method-not-allowed.js';

/** An hour: it changes with a release only. */
const CACHE_CONTROL = 'public, max-age=3600';

/** `GET /openapi.json`, the API for programs, and `GET /docs`, the same as a page. */
export function documentationRoutes(): Router {
  const document = toDocument(OPERATIONS);
  const page = toPage(document);
  const router = Router();

  router
    .route('/openapi.json')
    .get((_req, res) => {
      res.set('Cache-Control', CACHE_CONTROL).json(document);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  router
    .route('/docs')
    .get((_req, res) => {
      res.set('Cache-Control', CACHE_CONTROL).type('html').send(page);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  return router;
}
