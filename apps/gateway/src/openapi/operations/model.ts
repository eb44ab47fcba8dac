import { modelResourceSchema } from '@facehash/contracts';
import type { Operation } from '../operation.js';

export const modelOperations: readonly Operation[] = [
  {
    id: 'getModel',
    method: 'get',
    path: '/v1/model',
    tag: 'Model',
    summary: 'Get the model in force',
    description: 'Not found before the first training has ended; `training` tells of one under way.',
    access: 'read',
    answers: [
      { status: 200, description: 'The model.', body: modelResourceSchema, headers: ['Cache-Control'] },
    ],
    problems: ['NOT_FOUND'],
  },
];
