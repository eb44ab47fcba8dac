import { detectFieldsSchema, recognizeFieldsSchema, verifyFieldsSchema } from '@facehash/contracts';
import type { FormFile, Operation } from '../operation.js';
import { JOB_ANSWERS } from './job-answers.js';

const HOW_TO_SEND =
  'Send the image in the field `image` of a form, or as the body itself with its fields in the query. ';

const image: FormFile = { required: true, many: false, description: 'A JPEG, PNG or WebP image.' };

const IMAGE_PROBLEMS = ['MISSING_FILE', 'IMAGE_TOO_LARGE', 'IMAGE_TYPE_UNSUPPORTED', 'IMAGE_EMPTY'] as const;

export const recognitionOperations: readonly Operation[] = [
  {
    id: 'recognize',
    method: 'post',
    path: '/v1/recognize',
    tag: 'Recognition',
    summary: 'Name the faces on an image',
    description:
      HOW_TO_SEND +
      'No face is no error: `result.faces` is empty. Somebody unknown has the label `null`. With `claimed_label` each ' +
      'face also has `claimed`: whether it is that person.',
    access: 'recognize',
    headers: ['Prefer', 'Idempotency-Key'],
    body: { required: true, form: { fields: recognizeFieldsSchema, files: { image } }, image: true },
    answers: JOB_ANSWERS,
    problems: [...IMAGE_PROBLEMS, 'MODEL_TRAINING', 'MODEL_NOT_TRAINED', 'LABEL_UNKNOWN'],
  },
  {
    id: 'detect',
    method: 'post',
    path: '/v1/detect',
    tag: 'Recognition',
    summary: 'Find the faces on an image',
    description:
      HOW_TO_SEND +
      'Boxes, landmarks and quality, and nobody is named: it needs no model and works while one is trained.',
    access: 'recognize',
    headers: ['Prefer', 'Idempotency-Key'],
    body: { required: true, form: { fields: detectFieldsSchema, files: { image } }, image: true },
    answers: JOB_ANSWERS,
    problems: [...IMAGE_PROBLEMS],
  },
  {
    id: 'verify',
    method: 'post',
    path: '/v1/verify',
    tag: 'Recognition',
    summary: 'Compare an image with a second one, or with somebody enrolled',
    description:
      'Send an `image` and either a `reference`, which needs no model, or a `label`. The largest face of an image is ' +
      'compared, and `images` tells how many there were; an image without a face fails the job with `NO_FACE`.',
    access: 'recognize',
    headers: ['Prefer', 'Idempotency-Key'],
    body: {
      required: true,
      form: {
        fields: verifyFieldsSchema,
        files: {
          image,
          reference: { required: false, many: false, description: 'An image of the person to compare with.' },
        },
      },
      image: true,
    },
    answers: JOB_ANSWERS,
    problems: [...IMAGE_PROBLEMS, 'MODEL_TRAINING', 'MODEL_NOT_TRAINED', 'LABEL_UNKNOWN'],
  },
];
