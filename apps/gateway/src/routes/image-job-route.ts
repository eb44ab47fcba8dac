import type { ApiKey, JobFields } from '@facehash/contracts';
import type { ImageJobName, JobClient, Payload } from '@facehash/jobs';
import { uploads, type ObjectStorage } from '@facehash/storage';
import { Router } from 'express';
import type { z } from 'zod';
import type { Admit } from '../admission/admit.js';
import type { Authenticate } from '../authentication/authenticate.js';
import { receiveImages, type ImageField, type ReceivedImages } from '../uploads/receive-images.js';
import { requestUploads } from '../uploads/request-uploads.js';
import { envelopeOf } from './job-envelope.js';
import { parseFields } from './form-fields.js';
import { sendAccepted } from './job-response.js';
import { methodNotAllowed } from './method-not-allowed.js';

export interface ImageJobDependencies {
  readonly authenticate: Authenticate;
  readonly storage: ObjectStorage;
  readonly jobs: JobClient;
  readonly admit: Admit;
  readonly limits: { readonly maxImageBytes: number };
}

const UPLOAD_PARTS: Readonly<Record<ImageField, string>> = { image: 'photo', reference: 'reference' };

type Envelope = 'jobId' | 'keyId' | 'requestId' | 'traceparent';

/** What one call does with the images it is sent. */
export interface ImageJob<N extends ImageJobName, Fields extends JobFields> {
  readonly name: N;
  readonly path: `/v1/${string}`;
  readonly files: readonly ImageField[];
  readonly fields: z.ZodType<Fields>;
  /** Refuses what would be refused whatever is sent, before the images come. */
  admit?(key: ApiKey): Promise<void>;
  /** Refuses what cannot be done, now that the images are here; else says what the worker has to know. */
  plan(
    key: ApiKey,
    fields: Fields,
    uploadKeys: ReceivedImages['uploadKeys'],
  ): Promise<Omit<Payload<N>, Envelope>>;
}

/** A call that stores one request's images and queues the job about them. A request that fails leaves nothing in storage. */
export function imageJobRoute<N extends ImageJobName, Fields extends JobFields>(
  { authenticate, storage, jobs, admit, limits }: ImageJobDependencies,
  call: ImageJob<N, Fields>,
): Router {
  const router = Router();

  router
    .route(call.path)
    .post(async (req, res) => {
      res.vary('Prefer');
      const key = await authenticate(req, 'recognize');
      const envelope = envelopeOf(req, key);
      const { jobId } = envelope;
      const stored = requestUploads(storage, limits.maxImageBytes);
      const job = await admit(
        { req, res, key, jobId, stored },
        {
          queue: call.name,
          async hold(work) {
            await call.admit?.(key);
            return work(undefined);
          },
          async receive() {
            // By itself too, and before the images come: a form that has the field as well would hide what is malformed.
            parseFields(call.fields, req.query);
            const { texts, uploadKeys } = await receiveImages(req, res, {
              fields: call.files,
              keyOf: (field) => uploads(storage).key(jobId, UPLOAD_PARTS[field]),
              stored,
              maxBytes: limits.maxImageBytes,
            });
            return { parameters: parseFields(call.fields, texts), uploadKeys };
          },
          async submit({ parameters: fields, uploadKeys }) {
            const plan = await call.plan(key, fields, uploadKeys);
            const askedBy = { address: req.ip ?? null, secretCreatedAt: key.secretCreatedAt };
            const payload = { ...plan, ...envelope, ...(key.audit && { askedBy }) } as Payload<N>;
            return jobs.submit(call.name, payload, fields);
          },
        },
      );
      await sendAccepted(req, res, jobs, job);
    })
    .all(methodNotAllowed('POST'));

  return router;
}
