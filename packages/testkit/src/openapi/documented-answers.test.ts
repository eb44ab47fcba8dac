import { describe, expect, it } from '@jest/globals';
import { assertDocumented, type AnswerToCheck } from './documented-answers.js';

const alive = (changes: Partial<AnswerToCheck> & { without?: string } = {}): (() => void) => {
  const headers = new Headers({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-request-id': 'req_1',
    etag: '"1"',
  });
  headers.delete(changes.without ?? 'none');
  const answer = {
    method: 'GET',
    url: 'http://localhost/healthz',
    status: 200,
    headers,
    text: '{"status":"ok"}',
  };
  return () => {
    assertDocumented({ ...answer, ...changes });
  };
};

describe('assertDocumented', () => {
  it('takes what docs/openapi.json holds', () => {
    expect(alive()).not.toThrow();
    expect(alive({ text: undefined })).not.toThrow();
  });

  it('tells another status, header, type or body, and an address that is none', () => {
    expect(alive({ status: 201 })).toThrow('GET /healthz answered 201 Created, which is not documented');
    expect(alive({ without: 'x-request-id' })).toThrow('without its header X-Request-Id');
    expect(alive({ without: 'content-type' })).toThrow('as "", documented is "application/json"');
    expect(alive({ text: '{"status":1}' })).toThrow('another body than documented: data/status');
    expect(alive({ url: 'http://localhost/v0' })).toThrow('no operation is documented there');
    expect(alive({ method: 'PUT' })).toThrow('the method is not documented');
  });
});
