import { AppError, recognizeFieldsSchema } from '@facehash/contracts';
import { models, type ObjectStorage } from '@facehash/storage';
import type { Router } from 'express';
import { imageJobRoute, type ImageJobDependencies } from './image-job-route.js';
import { assertNotTraining } from './training-guard.js';

/** `POST /v1/recognize`: names the faces on an image. */
export function recognizeRoutes(dependencies: ImageJobDependencies): Router {
  const { storage, jobs } = dependencies;
  return imageJobRoute(dependencies, {
    name: 'recognize',
    path: '/v1/recognize',
    files: ['image'],
    fields: recognizeFieldsSchema,
    admit: (key) => assertNotTraining(jobs, key.id),
    async plan(key, { max_faces: maxFaces }, uploadKeys) {
      // Again: a training may have been accepted while the image came.
      await assertNotTraining(jobs, key.id);
      await assertTrained(storage, key.id);
      return { uploadKey: uploadKeys.image, maxFaces };
    },
  });
}

async function assertTrained(storage: ObjectStorage, keyId: string): Promise<void> {
  if ((await models(storage, keyId).currentVersion()) === undefined) {
    throw new AppError(
      'MODEL_NOT_TRAINED',
      'This key knows nobody yet; enrol a person with POST /v1/train first.',
    );
  }
}
