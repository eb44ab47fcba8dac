import { importFieldsSchema, type ImportPayload } from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import type { ObjectStorage } from '@facehash/storage';
import { Router } from 'express';
import type { Admit } from '../admission/admit.js';
import type { Authenticate } from '../authentication/authenticate.js';
import { receiveModel } from '../uploads/receive-model.js';
import { requestUploads } from '../uploads/request-uploads.js';
import { assertConsent } from './assert-consent.js';
import { envelopeOf } from './job-envelope.js';
import { parseFields } from './form-fields.js';
import { sendAccepted } from './job-response.js';
import { methodNotAllowed } from './method-not-allowed.js';
import { subjectOfLabel } from './subject-of-label.js';
import { whileHoldingTraining } from './training-lock.js';

/** `POST /v1/models`: stores a model that was trained elsewhere, and queues its import as the key's only training. */
export function modelImportRoutes(o: {
  authenticate: Authenticate;
  storage: ObjectStorage;
  jobs: JobClient;
  admit: Admit;
  limits: { readonly maxModelBytes: number };
}): Router {
  const { authenticate, storage, jobs, admit } = o;
  const { maxModelBytes } = o.limits;
  const router = Router();

  router
    .route('/v1/models')
    .post(async (req, res) => {
      res.vary('Prefer');
      const key = await authenticate(req, 'train');
      const envelope = envelopeOf(req, key);
      const { jobId } = envelope;
      const stored = requestUploads(storage, maxModelBytes);

      const job = await admit(
        { req, res, key, jobId, stored },
        {
          queue: 'import',
          hold: (work) => whileHoldingTraining({ jobs, logger: req.log, ...envelope }, () => work(undefined)),
          async receive() {
            const form = { storage, stored, jobId, maxBytes: maxModelBytes };
            const { texts, uploadKey } = await receiveModel(req, res, form);
            return { parameters: parseFields(importFieldsSchema, texts), uploadKey };
          },
          async submit({ parameters: { labels, threshold, features, ...fields }, uploadKey }) {
            const outputs: ImportPayload['outputs'] = [];
            for (const label of labels) {
              const subject = await subjectOfLabel({ storage, jobs }, key.id, label);
              await assertConsent(storage, key, subject);
              outputs.push(subject);
            }
            const asked = { outputs, threshold: threshold ?? null, features: features ?? null };
            return jobs.submitImport({ ...envelope, uploadKey, ...asked }, fields);
          },
        },
      );
      await sendAccepted(req, res, jobs, job);
    })
    .all(methodNotAllowed('POST'));

  return router;
}
