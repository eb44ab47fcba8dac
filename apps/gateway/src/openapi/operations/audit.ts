import { auditListQuerySchema, auditListSchema, auditRangeSchema } from '@facehash/contracts';
import type { Operation } from '../operation.js';

export const auditOperations: readonly Operation[] = [
  {
    id: 'listAuditEntries',
    method: 'get',
    path: '/v1/audit',
    tag: 'Policy',
    summary: 'Who was recognised, and who asked',
    description:
      'Of a key with `audit`. Oldest first; a page may have fewer entries than its `limit` and still not be the last.',
    access: 'audit',
    query: auditListQuerySchema,
    answers: [
      { status: 200, description: 'A page of entries.', body: auditListSchema, headers: ['Cache-Control'] },
    ],
  },
  {
    id: 'downloadAuditEntries',
    method: 'get',
    path: '/v1/audit/download',
    tag: 'Policy',
    summary: 'The same as lines of JSON',
    access: 'audit',
    query: auditRangeSchema,
    answers: [
      {
        status: 200,
        description: 'An entry a line, oldest first.',
        body: { mediaType: 'application/x-ndjson' },
        headers: ['Cache-Control', 'Content-Disposition'],
      },
    ],
  },
];
