import { describe, expect, it } from '@jest/globals';
import { fingerprint, type RequestParts } from './fingerprint.js';

const request: RequestParts = {
  method: 'POST',
  path: '/v1/verify',
  parameters: { threshold: 0.5, metadata: { a: '1', b: '2' } },
  files: [
    ['photo', 'aa'],
    ['reference', 'bb'],
  ],
};

describe('fingerprint', () => {
  it('is the same whatever order parameters and files come in', () => {
    const other = {
      ...request,
      parameters: { metadata: { b: '2', a: '1' }, threshold: 0.5 },
      files: [...request.files].reverse(),
    };
    expect(fingerprint(other)).toBe(fingerprint(request));
  });

  it.each<[string, Partial<RequestParts>]>([
    ['method', { method: 'DELETE' }],
    ['path', { path: '/v1/recognize' }],
    ['parameter', { parameters: { threshold: 0.6, metadata: { a: '1', b: '2' } } }],
    [
      'bytes',
      {
        files: [
          ['photo', 'aa'],
          ['reference', 'cc'],
        ],
      },
    ],
    [
      'roles of the files',
      {
        files: [
          ['photo', 'bb'],
          ['reference', 'aa'],
        ],
      },
    ],
    ['number of files', { files: [['photo', 'aa']] }],
  ])('is another one with another %s', (_what, change) => {
    expect(fingerprint({ ...request, ...change })).not.toBe(fingerprint(request));
  });
});
