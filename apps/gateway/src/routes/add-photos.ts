import { AppError, enrolFieldsSchema, labelSchema } from '@facehash/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { receivePhotos } from '../uploads/receive-photos.js';
import { requestUploads } from '../uploads/request-uploads.js';
import { assertConsent } from './assert-consent.js';
import { envelopeOf } from './job-envelope.js';
import { planEnrolment } from './enrolment-plan.js';
import { parseFields } from './form-fields.js';
import { sendAccepted } from './job-response.js';
import { subjectOfLabel } from './subject-of-label.js';
import type { TrainDependencies } from './train.js';
import { asTraining } from './training-lock.js';

const pathSchema = z.object({ label: labelSchema });

/**
 * `POST /v1/subjects/:label/photos`: stores photos of somebody, known or new, and queues a job that enrols them; with
 * `train=true` the same job as `POST /v1/train`. Whether it is to train may be said after the photos, so a training that is
 * refused is refused when they are here.
 */
export function addPhotos({ authenticate, storage, jobs, admit, limits }: TrainDependencies) {
  return async (req: Request, res: Response): Promise<void> => {
    res.vary('Prefer');
    const key = await authenticate(req, 'train');
    const { label } = parseFields(pathSchema, req.params);
    const envelope = envelopeOf(req, key);
    const stored = requestUploads(storage, limits.maxImageBytes);

    const job = await admit(
      { req, res, key, jobId: envelope.jobId, stored },
      {
        queue: 'extract',
        hold: (work) => work(undefined),
        async receive() {
          const expected = 'multipart/form-data with files in "photos"';
          const form = { storage, stored, limits, jobId: envelope.jobId, expected };
          const { texts, photos } = await receivePhotos(req, res, form);
          const parameters = parseFields(enrolFieldsSchema, texts);
          if (photos.length === 0) {
            throw new AppError('MISSING_FILE', 'Expected files in the field "photos"; none came.');
          }
          return { parameters, photos };
        },
        async submit({ parameters: { train, consent, ...fields }, photos }) {
          const plan = async () => {
            const subject = { ...(await subjectOfLabel({ storage, jobs }, key.id, label)), consent };
            await assertConsent(storage, key, subject);
            return planEnrolment(envelope, { ...subject, photos }, key.retention);
          };
          if (train === 'false') {
            const { last, extracts } = await plan();
            return jobs.submitEnrolment(last, extracts, fields);
          }
          return asTraining(key, { jobs, logger: req.log, ...envelope }, async (submit) => {
            const { last, extracts } = await plan();
            return submit(last, extracts, fields);
          });
        },
      },
    );
    await sendAccepted(req, res, jobs, job);
  };
}
