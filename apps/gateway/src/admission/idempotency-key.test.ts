import { describe, expect, it } from '@jest/globals';
import { parseIdempotencyKey } from './idempotency-key.js';

describe('parseIdempotencyKey', () => {
  it('is undefined without the header', () => {
    expect(parseIdempotencyKey(undefined)).toBeUndefined();
  });

  it.each([
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    [String.raw`"order \"7\" \\ a, b"`, String.raw`order "7" \ a, b`],
    [' order_7 ', 'order_7'],
    ['x'.repeat(255), 'x'.repeat(255)],
  ])('takes %s', (header, value) => {
    expect(parseIdempotencyKey(header)).toBe(value);
  });

  it.each(['', '""', 'two words', 'one, two', '"open', '"Ärger"', 'x'.repeat(256), `"${'x'.repeat(256)}"`])(
    'refuses %j',
    (header) => {
      expect(() => parseIdempotencyKey(header)).toThrow(/^Idempotency-Key: expected 1 to 255/);
    },
  );
});
