import { detectFieldsSchema } from '@facehash/contracts';
import type { Router } from 'express';
import { imageJobRoute, type ImageJobDependencies } from './image-job-route.js';

/** `POST /v1/detect`: where the faces of an image are. Needs no model, so no training stands in its way. */
export function detectRoutes(dependencies: ImageJobDependencies): Router {
  return imageJobRoute(dependencies, {
    name: 'detect',
    path: '/v1/detect',
    files: ['image'],
    fields: detectFieldsSchema,
    plan: (_key, { max_faces: maxFaces, profile }, uploadKeys) =>
      Promise.resolve({ uploadKey: uploadKeys.image, maxFaces, profile }),
  });
}
