import {
  idSchema,
  keyChangeSchema,
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
    summary: 'List all keys',
    access: 'admin',
    answers: [{ status: 200, description: 'The keys.', body: keyListSchema, headers: ['Cache-Control'] }],
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
    summary: 'Change what happens while the model of a key is trained',
    description:
      '`reject`: recognition and a second training are refused. `previous`: the last model answers, marked `stale`. ' +
      '`queue`: recognition waits. Holds everywhere within 5 seconds.',
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
];
