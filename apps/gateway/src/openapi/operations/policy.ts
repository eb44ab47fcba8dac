import { policySchema } from '@facehash/contracts';
import type { Operation } from '../operation.js';

export const policyOperations: readonly Operation[] = [
  {
    id: 'getPolicy',
    method: 'get',
    path: '/v1/policy',
    tag: 'Policy',
    summary: 'Read what is kept, and for how long',
    description:
      'The lifetimes in force for the key, as values and as sentences that may be shown to people.',
    access: 'key',
    answers: [{ status: 200, description: 'The policy.', body: policySchema, headers: ['Cache-Control'] }],
  },
];
