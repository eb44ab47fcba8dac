import { describe, expect, it } from '@jest/globals';
import { readableLine } from './readable-line.js';

describe('readableLine', () => {
  it("shows the level, the message and the fields of a logger's JSON", () => {
    expect(
      readableLine('{"level":40,"time":1,"pid":2,"hostname":"h","msg":"slow","ms":1200,"job":"job_1"}'),
    ).toBe('warn  slow ms=1200 job=job_1');
  });

  it('shortens requests, answers and errors to what a reader looks for', () => {
    const entry = {
      level: 30,
      msg: 'request completed',
      req: { method: 'GET', url: '/healthz', headers: { host: 'h' } },
      res: { statusCode: 200, headers: {} },
      err: { message: 'broken', stack: 'at …' },
    };
    expect(readableLine(JSON.stringify(entry))).toBe(
      'info  request completed req="GET /healthz" res=200 err="broken"',
    );
  });

  it('leaves every other line alone', () => {
    for (const line of ['Ready to accept connections', '{not json', '{"a":1}', ''])
      expect(readableLine(line)).toBe(line);
  });
});
