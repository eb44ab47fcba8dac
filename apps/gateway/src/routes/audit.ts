import { AppError, auditListQuerySchema, auditRangeSchema, type AuditList } from '@facehash/contracts';
import { auditLog, dayOf, type ObjectStorage } from '@facehash/storage';
import { Router } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Authenticate } from '../authentication/authenticate.js';
import { parseFields } from './form-fields.js';
import { methodNotAllowed } from './method-not-allowed.js';

/** Entries one request looks through for those about one person. */
const LOOKED_THROUGH = 2000;

/** `GET /v1/audit`, and the same as lines of JSON at `/v1/audit/download`: who was recognised under the key, and who asked. */
export function auditRoutes({
  authenticate,
  storage,
}: {
  readonly authenticate: Authenticate;
  readonly storage: ObjectStorage;
}): Router {
  const router = Router();

  router
    .route('/v1/audit')
    .get(async (req, res) => {
      const key = await authenticate(req, 'audit');
      const { limit, after, subject, ...range } = parseFields(auditListQuerySchema, req.query);
      const [from, to] = daysOf(range);
      const list: AuditList = { object: 'list', data: [], has_more: false, next_cursor: null };
      let looked = 0;
      let latest: string | null = null;
      for await (const { entry, position } of auditLog(storage, key.id).read(from, to, after)) {
        if (list.data.length === limit || looked === LOOKED_THROUGH) {
          Object.assign(list, { has_more: true, next_cursor: latest });
          break;
        }
        looked++;
        latest = position;
        if (isAbout(entry, subject)) list.data.push(entry);
      }
      res.set('Cache-Control', 'no-store').json(list);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  router
    .route('/v1/audit/download')
    .get(async (req, res) => {
      const key = await authenticate(req, 'audit');
      const { subject, ...range } = parseFields(auditRangeSchema, req.query);
      const [from, to] = daysOf(range);
      const lines = async function* () {
        for await (const { entry } of auditLog(storage, key.id).read(from, to)) {
          if (isAbout(entry, subject)) yield `${JSON.stringify(entry)}\n`;
        }
      };
      // The type after the name, whose ending says nothing to Express.
      res.attachment(`audit-${from}-${to}.ndjson`).set('Content-Type', 'application/x-ndjson');
      res.set('Cache-Control', 'no-store');
      await pipeline(Readable.from(lines()), res);
    })
    .all(methodNotAllowed('GET', 'HEAD'));

  return router;
}

function daysOf({ from, to }: { from?: string | undefined; to?: string | undefined }): [string, string] {
  const last = to ?? dayOf(new Date());
  const first = from ?? last;
  if (first <= last) return [first, last];
  throw new AppError('INVALID_REQUEST', `from: expected a day that is not after ${last}; ${first} came.`);
}

const isAbout = (entry: AuditList['data'][number], subjectId: string | undefined): boolean =>
  subjectId === undefined || entry.answers.some(({ subject_id }) => subject_id === subjectId);
