import {
  importFieldsSchema,
  modelDownloadQuerySchema,
  modelReportResourceSchema,
  modelResourceSchema,
  modelVersionSchema,
} from '@facehash/contracts';
import type { Operation } from '../operation.js';
import { JOB_ANSWERS } from './job-answers.js';

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
  {
    id: 'getModelReport',
    method: 'get',
    path: '/v1/model/report',
    tag: 'Model',
    summary: 'See how well the photos of each person agree',
    description:
      'Made at training: per person, how many photos the others would have named, which fits worst, whom the person is mistaken ' +
      'for, and whether more photos would help; and pairs of people who are hard to tell apart.',
    access: 'read',
    answers: [
      {
        status: 200,
        description: 'The report.',
        body: modelReportResourceSchema,
        headers: ['Cache-Control'],
      },
    ],
    problems: ['NOT_FOUND'],
  },
  {
    id: 'downloadModel',
    method: 'get',
    path: '/v1/models/{version}/download',
    tag: 'Model',
    summary: 'Download a model',
    description:
      'Opens in Python Keras or in TensorFlow.js; features go in, the log-likelihood ratio of each label comes out. The last two ' +
      'versions are kept. What its outputs stand for lies in it as `facehash.json`, in an .h5 as the attribute `facehash`.',
    access: 'read',
    pathParameters: { version: modelVersionSchema },
    query: modelDownloadQuerySchema,
    answers: [
      {
        status: 200,
        description: 'The file.',
        body: { mediaType: 'application/octet-stream' },
        headers: ['Content-Disposition', 'Cache-Control'],
      },
    ],
    problems: ['NOT_FOUND', 'MODEL_CORRUPT'],
  },
  {
    id: 'importModel',
    method: 'post',
    path: '/v1/models',
    tag: 'Model',
    summary: 'Import a model trained elsewhere',
    description:
      'Takes the place of the model in force, until the next training. It is read and tried by a worker first; only layers that ' +
      'are mere arithmetic are taken. Labels that nobody has become people without photos.',
    access: 'train',
    headers: ['Prefer', 'Idempotency-Key'],
    body: {
      required: true,
      form: {
        fields: importFieldsSchema,
        files: {
          model: { required: true, many: false, description: 'A .keras or .h5 file as Keras saves it.' },
        },
      },
    },
    answers: JOB_ANSWERS,
    problems: [
      'MISSING_FILE',
      'MODEL_TOO_LARGE',
      'MODEL_UNSUPPORTED',
      'CONSENT_REQUIRED',
      'TRAINING_IN_PROGRESS',
    ],
  },
];
