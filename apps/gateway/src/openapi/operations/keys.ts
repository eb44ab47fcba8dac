import {
  eraseKeySchema,
  idSchema,
  keyChangeSchema,
  keyErasureSchema,
  keyListQuerySchema,
  keyListSchema,
  keyResourceSchema,
  keyWithSecretSchema,
  newKeySchema,
  rotateKeySchema,
} from '@facehash/contracts';
import type { Operation } from '../operation.js';

const pathParameters = { id: idSchema('key') };

export const keyOperations: readonly Operation[] = [
  {
    id: 'listKeys',
    method: 'get',
    path: '/v1/keys',
    tag: 'Keys',
    summary: 'List the keys',
    description: 'By id, also those that are revoked.',
    access: 'admin',
    query: keyListQuerySchema,
    answers: [
      { status: 200, description: 'A page of keys.', body: keyListSchema, headers: ['Cache-Control'] },
    ],
  },
  {
    id: 'createKey',
    method: 'post',
    path: '/v1/keys',
    tag: 'Keys',
    summary: 'Make a key',
    description: 'The answer is the only one that ever holds the secret.',
    access: 'admin',
    body: { required: true, json: newKeySchema },
    answers: [
      {
        status: 201,
        description: 'The key with its secret.',
        body: keyWithSecretSchema,
        headers: ['Location', 'Cache-Control'],
      },
    ],
  },
  {
    id: 'getKey',
    method: 'get',
    path: '/v1/keys/{id}',
    tag: 'Keys',
    summary: 'Get a key',
    access: 'admin',
    pathParameters,
    answers: [{ status: 200, description: 'The key.', body: keyResourceSchema, headers: ['Cache-Control'] }],
    problems: ['NOT_FOUND'],
  },
  {
    id: 'changeKey',
    method: 'patch',
    path: '/v1/keys/{id}',
    tag: 'Keys',
    summary: 'Change a key',
    description:
      '`on_training`, while the model is trained: `reject`: recognition and a second training are refused. `previous`: the last model ' +
      'answers, marked `stale`. `queue`: recognition waits. `threshold`, from which score a name is given: `strict` and `balanced` ' +
      'are the thresholds of the model in force for 1 % and 5 % of strangers, a number is a score. No training is needed. ' +
      '`fit`, from the next training on: `refined` trains the model for a few epochs from its `closed_form`, and keeps that unless it ' +
      'names fewer photos that were held out. ' +
      '`limits`: null = as every key here, 0 = none. What is not named stays. Holds everywhere within 5 seconds.',
    access: 'admin',
    pathParameters,
    body: { required: true, json: keyChangeSchema },
    answers: [
      { status: 200, description: 'The key, changed.', body: keyResourceSchema, headers: ['Cache-Control'] },
    ],
    problems: ['NOT_FOUND'],
  },
  {
    id: 'revokeKey',
    method: 'delete',
    path: '/v1/keys/{id}',
    tag: 'Keys',
    summary: 'Revoke a key',
    description: 'It opens nothing any more, within 5 seconds everywhere.',
    access: 'admin',
    pathParameters,
    answers: [
      { status: 200, description: 'The key, revoked.', body: keyResourceSchema, headers: ['Cache-Control'] },
    ],
    problems: ['NOT_FOUND'],
  },
  {
    id: 'rotateKey',
    method: 'post',
    path: '/v1/keys/{id}/rotate',
    tag: 'Keys',
    summary: 'Give a key a new secret',
    description: 'The old secret works for `grace_seconds` more.',
    access: 'admin',
    pathParameters,
    body: { required: false, json: rotateKeySchema },
    answers: [
      {
        status: 200,
        description: 'The key with its new secret.',
        body: keyWithSecretSchema,
        headers: ['Cache-Control'],
      },
    ],
    problems: ['NOT_FOUND'],
  },
  {
    id: 'eraseKey',
    method: 'post',
    path: '/v1/keys/{id}/erase',
    tag: 'Keys',
    summary: 'Erase a key with all its data',
    description:
      'Revokes the key, cancels its jobs and deletes people, photos, numbers, models, webhooks, jobs and the key itself, ' +
      'for good. `confirm` is the id of the key once more. May be sent again.',
    access: 'admin',
    pathParameters,
    body: { required: true, json: eraseKeySchema },
    answers: [
      {
        status: 202,
        description: 'The erasure, which is under way or done.',
        body: keyErasureSchema,
        headers: ['Location', 'Cache-Control'],
        optionalHeaders: ['Retry-After'],
      },
    ],
    problems: ['NOT_FOUND'],
  },
  {
    id: 'getKeyErasure',
    method: 'get',
    path: '/v1/keys/{id}/erasure',
    tag: 'Keys',
    summary: 'See how far the erasure of a key is, and what went',
    description: 'Stays as the receipt after the key has gone.',
    access: 'admin',
    pathParameters,
    answers: [
      {
        status: 200,
        description: 'The erasure.',
        body: keyErasureSchema,
        headers: ['Cache-Control'],
        optionalHeaders: ['Retry-After'],
      },
    ],
    problems: ['NOT_FOUND'],
  },
];
