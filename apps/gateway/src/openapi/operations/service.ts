import { healthSchema } from '@facehash/contracts';
import type { Operation } from '../operation.js';

export const serviceOperations: readonly Operation[] = [
  {
    id: 'getHealth',
    method: 'get',
    path: '/healthz',
    tag: 'Service',
    summary: 'Is the process alive?',
    access: 'open',
    answers: [{ status: 200, description: 'It is.', body: healthSchema, headers: ['Cache-Control'] }],
  },
  {
    id: 'getReadiness',
    method: 'get',
    path: '/readyz',
    tag: 'Service',
    summary: 'Could it serve a request?',
    access: 'open',
    answers: [{ status: 200, description: 'It could.', body: healthSchema, headers: ['Cache-Control'] }],
    problems: ['UNAVAILABLE'],
  },
  {
    id: 'getOpenApi',
    method: 'get',
    path: '/openapi.json',
    tag: 'Service',
    summary: 'Get this API as an OpenAPI 3.1 document',
    access: 'open',
    answers: [
      {
        status: 200,
        description: 'The document.',
        body: { mediaType: 'application/json' },
        headers: ['Cache-Control', 'ETag'],
      },
      { status: 304, description: 'It has not changed.', headers: ['ETag'] },
    ],
  },
  {
    id: 'getDocs',
    method: 'get',
    path: '/docs',
    tag: 'Service',
    summary: 'Read this API as a page',
    access: 'open',
    answers: [
      {
        status: 200,
        description: 'The page.',
        body: { mediaType: 'text/html' },
        headers: ['Cache-Control', 'ETag'],
      },
      { status: 304, description: 'It has not changed.', headers: ['ETag'] },
    ],
  },
];
