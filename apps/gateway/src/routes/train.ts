import { AppError, newId, trainFieldsSchema, type UploadedPhoto } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import { subjects, uploads, type ObjectStorage } from '@facehash/storage';
import { Router, type Request, type Response } from 'express';
import type { z } from 'zod';
import type { Authenticate } from '../authentication/authenticate.js';
import { requestIdOf } from '../middleware/request-id.js';
import { traceparentOf } from '../middleware/trace.js';
import { receiveMultipart } from '../uploads/multipart.js';
import { requestUploads } from '../uploads/request-uploads.js';
import { parseFields } from './form-fields.js';
import { sendAccepted } from './job-response.js';
import { methodNotAllowed } from './method-not-allowed.js';
import { whileHoldingTraining } from './training-lock.js';
import { planTraining } from './training-plan.js';

export interface TrainDependencies {
  readonly authenticate: Authenticate;
  readonly storage: ObjectStorage;
  readonly jobs: JobClient;
  readonly limits: { readonly maxImageBytes: number; readonly maxPhotos: number };
}

/** `POST /v1/train`: stores a person's photos and queues their enrolment, or, without a body, a retraining. */
export function trainRoutes({ authenticate, storage, jobs, limits }: TrainDependencies): Router {
  const router = Router();

  router
    .route('/v1/train')
    .post(async (req, res) => {
      res.vary('Prefer');
      const key = await authenticate(req, 'train');
      const envelope = {
        jobId: newId('job'),
        keyId: key.id,
        requestId: requestIdOf(req),
        traceparent: traceparentOf(req),
      };
      const stored = requestUploads(storage, limits.maxImageBytes);

      const job = await whileHoldingTraining({ jobs, logger: req.log, ...envelope }, () =>
        stored.undoOnFailure(async () => {
          const photos: UploadedPhoto[] = [];
          const { label, ...fields } = await receiveForm(req, res, limits, (source, fileName) => {
            const uploadKey = uploads(storage).key(envelope.jobId, String(photos.length));
            photos.push({ photoId: newId('photo'), uploadKey, fileName });
            // Not looked at: one bad photo among many is refused by the worker, with its reason, and spoils nothing.
            return stored.store(uploadKey, source, { name: fileName });
          });
          assertLabelAndPhotos(label, photos);
          const enrolment =
            label === undefined ? null : { ...(await subjectOf(storage, key.id, label)), photos };
          const { train, extracts } = planTraining(envelope, enrolment);
          return jobs.submitTraining(train, extracts, fields);
        }),
      );
      await sendAccepted(req, res, jobs, job);
    })
    .all(methodNotAllowed('POST'));

  return router;
}

/** @returns the text fields, which may come before or after the photos */
async function receiveForm(
  req: Request,
  res: Response,
  limits: TrainDependencies['limits'],
  store: Parameters<typeof receiveMultipart>[2]['store'],
): Promise<z.infer<typeof trainFieldsSchema>> {
  // `is` is null without a body; a body of 0 bytes is none.
  if (req.is('multipart/form-data') === false && req.get('content-length') !== '0') {
    throw new AppError(
      'INVALID_REQUEST',
      'Expected multipart/form-data with a "label" and files in "photos", or no body to retrain; ' +
        `${req.get('content-type') ?? 'a body without Content-Type'} came.`,
    );
  }
  const texts = await receiveMultipart(req, res, {
    fields: ['photos'],
    maxFiles: limits.maxPhotos,
    tooManyFiles: 'TOO_MANY_PHOTOS',
    maxBytes: limits.maxImageBytes,
    store,
  });
  return parseFields(trainFieldsSchema, texts);
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

/** A known label adds to its person. One training at a time, so nobody else can be inventing the same person. */
async function subjectOf(storage: ObjectStorage, keyId: string, label: string) {
  const known = await subjects(storage, keyId).findByLabel(label);
  return { subjectId: known?.id ?? newId('subject'), label };
}
