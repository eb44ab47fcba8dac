import { idSchema, jobListQuerySchema, jobListSchema, jobSchema } from '@facehash/contracts';
import type { Operation } from '../operation.js';

const pathParameters = { id: idSchema('job') };

export const jobOperations: readonly Operation[] = [
  {
    id: 'listJobs',
    method: 'get',
    path: '/v1/jobs',
    tag: 'Jobs',
    summary: "List the key's jobs, newest first",
    access: 'read',
    query: jobListQuerySchema,
    answers: [
      { status: 200, description: 'A page of jobs.', body: jobListSchema, headers: ['Cache-Control'] },
    ],
  },
  {
    id: 'getJob',
    method: 'get',
    path: '/v1/jobs/{id}',
    tag: 'Jobs',
    summary: 'Get a job, or wait for its end',
    access: 'key',
    pathParameters,
    headers: ['Prefer'],
    answers: [
      {
        status: 200,
        description:
          'The job as it stands, or as it stands once it has ended or the seconds to wait are over.',
        body: jobSchema,
        headers: ['Cache-Control'],
        optionalHeaders: ['Retry-After', 'Preference-Applied'],
      },
    ],
    problems: ['NOT_FOUND'],
  },
  {
    id: 'deleteJob',
    method: 'delete',
    path: '/v1/jobs/{id}',
    tag: 'Jobs',
    summary: 'Forget a job, its result and its photo',
    description: 'Ends it first where it has not ended. Needs the scope that sending such a job needs.',
    access: 'key',
    pathParameters,
    answers: [{ status: 204, description: 'It is gone.' }],
    problems: ['NOT_FOUND', 'FORBIDDEN'],
  },
  {
    id: 'cancelJob',
    method: 'post',
    path: '/v1/jobs/{id}/cancel',
    tag: 'Jobs',
    summary: 'End a job',
    description: 'A job that has ended stays as it is. Needs the scope that sending such a job needs.',
    access: 'key',
    pathParameters,
    answers: [{ status: 200, description: 'The job, ended.', body: jobSchema, headers: ['Cache-Control'] }],
    problems: ['NOT_FOUND', 'FORBIDDEN'],
  },
  {
    id: 'watchJob',
    method: 'get',
    path: '/v1/jobs/{id}/events',
    tag: 'Jobs',
    summary: "Watch a job's progress",
    description:
      'Server-sent events: `progress` carries `status` and `progress` of the job, `end` the whole job; then the stream ' +
      'closes. After a reconnect it goes on with what has changed since.',
    access: 'key',
    pathParameters,
    headers: ['Last-Event-ID'],
    answers: [
      {
        status: 200,
        description: 'The stream.',
        body: { mediaType: 'text/event-stream' },
        headers: ['Cache-Control'],
      },
      { status: 204, description: 'The end has been seen; an EventSource does not connect again.' },
    ],
    problems: ['NOT_FOUND'],
  },
];
