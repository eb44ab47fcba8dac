import { AppError, trainFieldsSchema, type Job, type UploadedPhoto } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import type { ObjectStorage } from '@facehash/storage';
import { Router } from 'express';
import type { Admit } from '../admission/admit.js';
import type { Authenticate } from '../authentication/authenticate.js';
import { receivePhotos, type PhotoLimits } from '../uploads/receive-photos.js';
import { requestUploads } from '../uploads/request-uploads.js';
import { assertConsent } from './assert-consent.js';
import { envelopeOf } from './job-envelope.js';
import { planEnrolment } from './enrolment-plan.js';
import { parseFields } from './form-fields.js';
import { sendAccepted } from './job-response.js';
import { methodNotAllowed } from './method-not-allowed.js';
import { subjectOfLabel } from './subject-of-label.js';
import { asTraining } from './training-lock.js';

export interface TrainDependencies {
  readonly authenticate: Authenticate;
  readonly storage: ObjectStorage;
  readonly jobs: JobClient;
  readonly admit: Admit;
  readonly limits: PhotoLimits;
}

/** `POST /v1/train`: stores a person's photos and queues their enrolment, or, without a body, a retraining. */
export function trainRoutes({ authenticate, storage, jobs, admit, limits }: TrainDependencies): Router {
  const router = Router();

  router
    .route('/v1/train')
    .post(async (req, res) => {
      res.vary('Prefer');
      const key = await authenticate(req, 'train');
      const envelope = envelopeOf(req, key);
      const stored = requestUploads(storage, limits.maxImageBytes);

      const job = await admit(
        { req, res, key, jobId: envelope.jobId, stored },
        {
          queue: 'extract',
          hold: (work: (submit: JobClient['submitTraining']) => Promise<Job>) =>
            asTraining(key, { jobs, logger: req.log, ...envelope }, work),
          async receive() {
            const { texts, photos } = await receivePhotos(req, res, {
              ...{ storage, stored, limits, jobId: envelope.jobId },
              expected: 'multipart/form-data with a "label" and files in "photos", or no body to retrain',
            });
            const parameters = parseFields(trainFieldsSchema, texts);
            assertLabelAndPhotos(parameters.label, photos);
            return { parameters, photos };
          },
          async submit({ parameters: { label, consent, ...fields }, photos }, submit) {
            if (label === undefined) return submit({ ...envelope, subject: null }, [], fields);
            const subject = { ...(await subjectOfLabel({ storage, jobs }, key.id, label)), consent };
            await assertConsent(storage, key, subject);
            const { last, extracts } = planEnrolment(envelope, { ...subject, photos }, key.retention);
            return submit(last, extracts, fields);
          },
        },
      );
      await sendAccepted(req, res, jobs, job);
    })
    .all(methodNotAllowed('POST'));

  return router;
}

function assertLabelAndPhotos(label: string | undefined, photos: readonly UploadedPhoto[]): void {
  if (label !== undefined && photos.length === 0) {
    throw new AppError(
      'MISSING_FILE',
      `Expected files in the field "photos" with the label "${label}"; none came.`,
    );
  }
  if (label === undefined && photos.length > 0) {
    throw new AppError(
      'INVALID_REQUEST',
      `Expected a field "label" with the ${photos.length} photo(s); none came.`,
    );
  }
}
