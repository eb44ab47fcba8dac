import { AppError, verifyFieldsSchema } from '@facehash/contracts';
import type { Router } from 'express';
import { enrolledSubject } from './enrolled-subject.js';
import { imageJobRoute, type ImageJobDependencies } from './image-job-route.js';
import { planForModel } from './training-guard.js';

/**
 * `POST /v1/verify`: whether an image shows the person of another image, the `reference`, or of a `label`. Only the label
 * needs the key's model.
 */
export function verifyRoutes(dependencies: ImageJobDependencies): Router {
  return imageJobRoute(dependencies, {
    name: 'verify',
    path: '/v1/verify',
    files: ['image', 'reference'],
    fields: verifyFieldsSchema,
    async plan(key, { label, threshold }, { image: uploadKey, reference }) {
      if (reference !== undefined && label === undefined) {
        return { uploadKey, reference: { uploadKey: reference }, threshold };
      }
      if (reference !== undefined || label === undefined) {
        throw new AppError(
          'INVALID_REQUEST',
          `Expected either a second image in the field "reference" or a "label"; ${label === undefined ? 'neither' : 'both'} came.`,
        );
      }
      const forModel = await planForModel(dependencies, key);
      const subjectId = await enrolledSubject(dependencies.storage, key.id, label);
      return { ...forModel, uploadKey, reference: { subjectId }, threshold: threshold ?? key.threshold };
    },
  });
}
