import { AppError, MAX_FACES, newId } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import { models, uploads, type ObjectStorage } from '@facehash/storage';
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Authenticate } from '../authentication/authenticate.js';
import { requestIdOf } from '../middleware/request-id.js';
import { traceparentOf } from '../middleware/trace.js';
import { assertImage } from '../uploads/assert-image.js';
import { receiveMultipart } from '../uploads/multipart.js';
import { imageTooLarge, requestUploads, type RequestUploads } from '../uploads/request-uploads.js';
import { parseFields } from './form-fields.js';
import { sendAccepted } from './job-response.js';
import { methodNotAllowed } from './method-not-allowed.js';
import { assertNotTraining } from './training-guard.js';

const fieldsSchema = z.strictObject({
  /** 1 = the largest face only. */
  max_faces: z.coerce.number().int().min(1).max(MAX_FACES).default(1),
});

/** Boundaries, headers and text fields around the image of a form, generously. */
const FORM_BYTES = 256 * 1024;

export interface RecognizeDependencies {
  readonly authenticate: Authenticate;
  readonly storage: ObjectStorage;
  readonly jobs: JobClient;
  readonly limits: { readonly maxImageBytes: number };
}

/** `POST /v1/recognize`: stores the image and queues the job that names the faces on it. */
export function recognizeRoutes({ authenticate, storage, jobs, limits }: RecognizeDependencies): Router {
  const router = Router();

  router
    .route('/v1/recognize')
    .post(async (req, res) => {
      res.vary('Prefer');
      const key = await authenticate(req, 'recognize');
      await assertNotTraining(jobs, key.id);

      const jobId = newId('job');
      const uploadKey = uploads(storage).key(jobId);
      const stored = requestUploads(storage, limits.maxImageBytes);
      const job = await stored.undoOnFailure(async () => {
        const fields = await receiveImage(req, res, { uploadKey, stored, maxBytes: limits.maxImageBytes });
        const { max_faces: maxFaces } = parseFields(fieldsSchema, fields);
        // Again: a training may have been accepted while the image came.
        await assertNotTraining(jobs, key.id);
        await assertTrained(storage, key.id);
        return jobs.submitRecognize({
          jobId,
          keyId: key.id,
          requestId: requestIdOf(req),
          traceparent: traceparentOf(req),
          uploadKey,
          maxFaces,
        });
      });
      await sendAccepted(req, res, jobs, job);
    })
    .all(methodNotAllowed('POST'));

  return router;
}

interface ImageTarget {
  readonly uploadKey: string;
  readonly stored: RequestUploads;
  readonly maxBytes: number;
}

/** Stores the request's one image. @returns the text fields: of the form, or of the query where the body is the image */
async function receiveImage(req: Request, res: Response, target: ImageTarget): Promise<unknown> {
  const { uploadKey, stored, maxBytes } = target;
  const contentType = req.get('content-type') ?? '';

  if (/^image\//i.test(contentType)) {
    assertLength(req, maxBytes);
    await stored.store(uploadKey, req, { name: 'The body', check: assertImage });
    return req.query;
  }

  assertLength(req, maxBytes + FORM_BYTES);
  let files = 0;
  const store = async (source: Parameters<RequestUploads['store']>[1], name: string) => {
    files += 1;
    await stored.store(uploadKey, source, { name, check: assertImage });
  };
  const form = { field: 'image', maxFiles: 1, tooManyFiles: 'INVALID_REQUEST', maxBytes, store } as const;
  const fields = await receiveMultipart(req, res, form);
  if (files === 0) {
    throw new AppError(
      'MISSING_FILE',
      'Expected multipart/form-data with a file in the field "image", or the image itself as the body with a ' +
        `Content-Type of image/*; ${contentType === '' ? 'no Content-Type' : contentType} without a file came.`,
    );
  }
  return fields;
}

/** What is announced as too large is refused before it is sent. @throws AppError IMAGE_TOO_LARGE */
function assertLength(req: Request, maxBytes: number): void {
  if (Number(req.get('content-length') ?? 0) > maxBytes) throw imageTooLarge('The body', maxBytes);
}

async function assertTrained(storage: ObjectStorage, keyId: string): Promise<void> {
  if ((await models(storage, keyId).currentVersion()) === undefined) {
    throw new AppError(
      'MODEL_NOT_TRAINED',
      'This key knows nobody yet; enrol a person with POST /v1/train first.',
    );
  }
}
