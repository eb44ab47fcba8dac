import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ERROR_TABLE, REFUSAL_REASONS } from './index.js';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');

/** Rows such as: | `CODE` | 404 | no | when | what to do | */
const documented = [...page.matchAll(/^\| `(\w+)` \| (\d{3}) \| (yes|no) \| (.+) \| (.+) \|$/gm)].map(
  ([, code, status, retryable]) => ({ code, status: Number(status), retryable: retryable === 'yes' }),
);

describe('docs/errors.md', () => {
  it('has exactly the codes of the table, in its order, with their status and whether to retry', () => {
    const table = Object.entries(ERROR_TABLE).map(([code, { status, retryable }]) => ({
      code,
      status,
      retryable,
    }));
    expect(documented).toEqual(table);
  });

  it('names every reason a photo may be refused for', () => {
    const reasons = page.slice(page.indexOf('Photos that a training refuses'));
    expect([...reasons.matchAll(/`([A-Z_]+)`/g)].map(([, reason]) => reason)).toEqual(
      Object.keys(REFUSAL_REASONS),
    );
  });
});
