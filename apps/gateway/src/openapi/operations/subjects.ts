import {
  enrolFieldsSchema,
  idSchema,
  labelSchema,
  photoListQuerySchema,
  photoListSchema,
  subjectChangeSchema,
  subjectListQuerySchema,
  subjectListSchema,
  subjectResourceSchema,
} from '@facehash/contracts';
import type { Operation } from '../operation.js';
import { JOB_ANSWERS } from './job-answers.js';

const pathParameters = { label: labelSchema };

export const subjectOperations: readonly Operation[] = [
  {
    id: 'listSubjects',
    method: 'get',
    path: '/v1/subjects',
    tag: 'Subjects',
    summary: 'List the people enrolled',
    access: 'read',
    query: subjectListQuerySchema,
    answers: [
      {
        status: 200,
        description: 'A page of subjects.',
        body: subjectListSchema,
        headers: ['Cache-Control'],
      },
    ],
  },
  {
    id: 'getSubject',
    method: 'get',
    path: '/v1/subjects/{label}',
    tag: 'Subjects',
    summary: 'Get a subject',
    access: 'read',
    pathParameters,
    answers: [
      { status: 200, description: 'The subject.', body: subjectResourceSchema, headers: ['Cache-Control'] },
    ],
    problems: ['NOT_FOUND'],
  },
  {
    id: 'changeSubject',
    method: 'put',
    path: '/v1/subjects/{label}',
    tag: 'Subjects',
    summary: 'Rename a subject or replace its metadata or record of consent',
    description: 'The model stays: it knows people by their ids.',
    access: 'train',
    pathParameters,
    body: { required: true, json: subjectChangeSchema },
    answers: [
      {
        status: 200,
        description: 'The subject, changed.',
        body: subjectResourceSchema,
        headers: ['Cache-Control'],
      },
    ],
    problems: ['NOT_FOUND', 'LABEL_TAKEN', 'TRAINING_IN_PROGRESS'],
  },
  {
    id: 'deleteSubject',
    method: 'delete',
    path: '/v1/subjects/{label}',
    tag: 'Subjects',
    summary: 'Delete a subject',
    description:
      'Photos, features, and the person from the model. The result of the job is a receipt of what went.',
    access: 'train',
    pathParameters,
    headers: ['Prefer', 'Idempotency-Key'],
    answers: JOB_ANSWERS,
    problems: ['NOT_FOUND', 'TRAINING_IN_PROGRESS'],
  },
  {
    id: 'listPhotos',
    method: 'get',
    path: '/v1/subjects/{label}/photos',
    tag: 'Subjects',
    summary: 'List the photos a subject was enrolled with',
    access: 'read',
    pathParameters,
    query: photoListQuerySchema,
    answers: [
      { status: 200, description: 'A page of photos.', body: photoListSchema, headers: ['Cache-Control'] },
    ],
    problems: ['NOT_FOUND'],
  },
  {
    id: 'addPhotos',
    method: 'post',
    path: '/v1/subjects/{label}/photos',
    tag: 'Subjects',
    summary: 'Add photos to a subject, known or new',
    description:
      'Without `train` the job is of type `enrol`: photos and their numbers are kept, the model stays, and `GET /v1/model` ' +
      'counts them as `pending_photos` until the next training. With `train=true` it is of type `train`.',
    access: 'train',
    pathParameters,
    headers: ['Prefer', 'Idempotency-Key'],
    body: {
      required: true,
      form: {
        fields: enrolFieldsSchema,
        files: {
          photos: { required: true, many: true, description: 'JPEG, PNG or WebP photos of the person.' },
        },
      },
    },
    answers: JOB_ANSWERS,
    problems: [
      'MISSING_FILE',
      'TRAINING_IN_PROGRESS',
      'CONSENT_REQUIRED',
      'IMAGE_TOO_LARGE',
      'TOO_MANY_PHOTOS',
    ],
  },
  {
    id: 'deletePhoto',
    method: 'delete',
    path: '/v1/subjects/{label}/photos/{id}',
    tag: 'Subjects',
    summary: 'Delete a photo of a subject',
    description: 'The model is trained anew without it. The result of the job is a receipt of what went.',
    access: 'train',
    pathParameters: { ...pathParameters, id: idSchema('photo') },
    headers: ['Prefer', 'Idempotency-Key'],
    answers: JOB_ANSWERS,
    problems: ['NOT_FOUND', 'TRAINING_IN_PROGRESS'],
  },
];
