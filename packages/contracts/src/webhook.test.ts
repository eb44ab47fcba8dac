import { describe, expect, it } from '@jest/globals';
import {
  liveSecrets,
  newSigningSecrets,
  rotateSigningSecrets,
  signingSecretsSchema,
  wants,
  webhookUrlSchema,
} from './webhook.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);

describe('Signing secrets', () => {
  it('have the form of the standard, and are never the same', () => {
    const [first, second] = [newSigningSecrets(at(0)), newSigningSecrets(at(0))];
    expect(signingSecretsSchema.parse(first)).toEqual(first);
    expect(first[0]!.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(first[0]!.secret).not.toBe(second[0]!.secret);
  });

  it('live two at a time while one takes over, and never three', () => {
    const first = newSigningSecrets(at(0));
    const second = rotateSigningSecrets(first, { now: at(10), graceSeconds: 60 });
    expect(liveSecrets(second, at(69))).toEqual([second[0]!.secret, first[0]!.secret]);
    expect(liveSecrets(second, at(70))).toEqual([second[0]!.secret]);
    const third = rotateSigningSecrets(second, { now: at(20), graceSeconds: 60 });
    expect(liveSecrets(third, at(21))).toEqual([third[0]!.secret, second[0]!.secret]);
  });

  it('end at once where no grace is given', () => {
    const rotated = rotateSigningSecrets(newSigningSecrets(at(0)), { now: at(10), graceSeconds: 0 });
    expect(rotated).toHaveLength(1);
  });
});

describe('The address of a webhook', () => {
  it.each(['https://example.org/hook?who=me', 'http://localhost:8080/', 'https://[2606:4700::1111]/'])(
    'may be %s',
    (url) => {
      expect(webhookUrlSchema.safeParse(url).success).toBe(true);
    },
  );

  it.each([
    'ftp://example.org/',
    'https://user:secret@example.org/',
    'https://user@example.org/',
    'https://example.org/#fragment',
    'file:///etc/passwd',
    '//example.org',
    `https://example.org/${'a'.repeat(2048)}`,
  ])('is never %.40s', (url) => {
    expect(webhookUrlSchema.safeParse(url).success).toBe(false);
  });
});

describe('wants', () => {
  it('takes everything without a filter, and only what is listed with one', () => {
    expect(wants({ events: null }, 'recognition.failed')).toBe(true);
    expect(wants({ events: ['training.succeeded'] }, 'training.succeeded')).toBe(true);
    expect(wants({ events: ['training.succeeded'] }, 'training.failed')).toBe(false);
  });
});
