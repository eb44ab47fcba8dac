import { recognizeFieldsSchema } from '@facehash/contracts';
import type { Operation } from '../operation.js';
import { JOB_ANSWERS } from './job-answers.js';

export const recognitionOperations: readonly Operation[] = [
  {
    id: 'recognize',
    method: 'post',
    path: '/v1/recognize',
    tag: 'Recognition',
    summary: 'Name the faces on an image',
    description:
      'Send the image in the field `image` of a form, or as the body itself with its fields in the query. ' +
      'No face is no error: `result.faces` is empty. Somebody unknown has the label `null`.',
    access: 'recognize',
    headers: ['Prefer'],
    body: {
      required: true,
      form: {
        fields: recognizeFieldsSchema,
        files: { image: { required: true, many: false, description: 'A JPEG, PNG or WebP image.' } },
      },
      image: true,
    },
    answers: JOB_ANSWERS,
    problems: [
      'MISSING_FILE',
      'MODEL_TRAINING',
      'MODEL_NOT_TRAINED',
      'IMAGE_TOO_LARGE',
      'IMAGE_TYPE_UNSUPPORTED',
      'IMAGE_EMPTY',
    ],
  },
];
