import { trainFieldsSchema } from '@facehash/contracts';
import type { Operation } from '../operation.js';
import { JOB_ANSWERS } from './job-answers.js';

export const trainingOperations: readonly Operation[] = [
  {
    id: 'train',
    method: 'post',
    path: '/v1/train',
    tag: 'Training',
    summary: 'Enrol a person, or train again',
    description:
      'A known `label` adds the photos to its person. Without a body the model is trained again from what is kept. ' +
      "Photos that cannot be used are listed with their reasons in the job's result.",
    access: 'train',
    headers: ['Prefer', 'Idempotency-Key'],
    body: {
      required: false,
      form: {
        fields: trainFieldsSchema,
        together: ['label', 'photos'],
        files: {
          photos: { required: false, many: true, description: 'JPEG, PNG or WebP photos of the person.' },
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
];
