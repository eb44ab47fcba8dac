import { describe, expect, it } from '@jest/globals';
import { readableLine } from './readable-line.js';

describe('readableLine', () => {
  it("shows the level, the message and the fields of a logger's JSON", () => {
    expect(
      readableLine('{"level":40,"time":1,"pid":2,"hostname":"h","msg":"slow","ms":1200,"job":"job_1"}'),
    ).toBe('warn  slow ms=1200 job=job_1');
  });

  it('leaves every other line alone', () => {
    for (const line of ['Ready to accept connections', '{not json', '{"a":1}', ''])
      expect(readableLine(line)).toBe(line);
  });
});
