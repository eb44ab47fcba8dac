import { recognizeFieldsSchema } from '@facehash/contracts';
import type { Router } from 'express';
import { enrolledSubject } from './enrolled-subject.js';
import { imageJobRoute, type ImageJobDependencies } from './image-job-route.js';
import { planForModel, trainingsToWaitFor } from './training-guard.js';

/** `POST /v1/recognize`: names the faces on an image. */
export function recognizeRoutes(dependencies: ImageJobDependencies): Router {
  const { jobs, storage } = dependencies;
  return imageJobRoute(dependencies, {
    name: 'recognize',
    path: '/v1/recognize',
    files: ['image'],
    fields: recognizeFieldsSchema,
    async admit(key) {
      await trainingsToWaitFor(jobs, key);
    },
    async plan(
      key,
      { max_faces: maxFaces, profile, threshold = key.threshold, claimed_label: claimed },
      uploadKeys,
    ) {
      // Again: a training may have been accepted while the image came.
      const forModel = await planForModel(dependencies, key);
      const claimedSubjectId =
        claimed === undefined ? undefined : await enrolledSubject(storage, key.id, claimed);
      return { ...forModel, uploadKey: uploadKeys.image, maxFaces, profile, threshold, claimedSubjectId };
    },
  });
}
