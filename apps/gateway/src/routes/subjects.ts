import {
  AppError,
  newId,
  subjectChangeSchema,
  subjectListQuerySchema,
  type Subject,
  type SubjectChange,
  type SubjectList,
} from '@facehash/contracts';
import type { JobClient } from '@facehash/jobs';
import { subjects, type ObjectStorage } from '@facehash/storage';
import { Router } from 'express';
import type { Admit } from '../admission/admit.js';
import type { Authenticate } from '../authentication/authenticate.js';
import { parseFields } from './form-fields.js';
import { readJson } from './json-body.js';
import { methodNotAllowed } from './method-not-allowed.js';
import { requireSubject, toSubjectResource } from './subject-resource.js';
import { sendErasure } from './send-erasure.js';
import { whileNobodyTrains } from './training-lock.js';

export interface SubjectDependencies {
  readonly authenticate: Authenticate;
  readonly storage: ObjectStorage;
  readonly jobs: JobClient;
  readonly admit: Admit;
}

/** `GET /v1/subjects`, and `GET`, `PUT`, `DELETE /v1/subjects/:label`: who is enrolled under the key, and under which name. */
export function subjectRoutes({ authenticate, storage, jobs, admit }: SubjectDependencies): Router {
  const router = Router();

  router
    .route('/v1/subjects')
    .get(async (req, res) => {
      const key = await authenticate(req, 'read');
      const { limit, after } = parseFields(subjectListQuerySchema, req.query);
      const page = await subjects(storage, key.id).page({ after, limit });
      const list: SubjectList = {
        object: 'list',
        data: await Promise.all(page.items.map((one) => toSubjectResource(storage, key.id, one))),
        has_more: page.next !== undefined,
        next_cursor: page.next ?? null,
      };
      res.set('Cache-Control', 'no-store').json(list);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  router
    .route('/v1/subjects/:label')
    .get(async (req, res) => {
      const key = await authenticate(req, 'read');
      const subject = await requireSubject(storage, key.id, req.params.label);
      res.set('Cache-Control', 'no-store').json(await toSubjectResource(storage, key.id, subject));
    })
    .put(async (req, res) => {
      const key = await authenticate(req, 'train');
      const change = parseFields(subjectChangeSchema, await readJson(req, res));
      // A training could otherwise enrol somebody new by the label, and a deletion be undone by what is written back.
      const holder = { jobs, logger: req.log, keyId: key.id, jobId: newId('job') };
      const changed = await whileNobodyTrains(holder, async () =>
        changeSubject(storage, key.id, await requireSubject(storage, key.id, req.params.label), change),
      );
      res.set('Cache-Control', 'no-store').json(await toSubjectResource(storage, key.id, changed));
    })
    .delete(async (req, res) => {
      const key = await authenticate(req, 'train');
      await sendErasure({ req, res, jobs, admit, key }, async () => {
        const { id } = await requireSubject(storage, key.id, req.params.label);
        return { subjectId: id, photoId: null };
      });
    })
    .all(methodNotAllowed('GET', 'HEAD', 'PUT', 'DELETE'));

  return router;
}

/** Id, photos and model stay: a model knows people by their ids. @throws AppError LABEL_TAKEN */
async function changeSubject(
  storage: ObjectStorage,
  keyId: string,
  subject: Subject,
  { label = subject.label, metadata = subject.metadata, consent = subject.consent }: SubjectChange,
): Promise<Subject> {
  const all = subjects(storage, keyId);
  const holder = await all.findByLabel(label);
  if (holder !== undefined && holder.id !== subject.id) {
    throw new AppError(
      'LABEL_TAKEN',
      `Expected a label that no other subject has; ${JSON.stringify(label)} is taken.`,
    );
  }
  const changed = { ...subject, label, ...(metadata && { metadata }), ...(consent && { consent }) };
  await all.put(changed);
  return changed;
}
