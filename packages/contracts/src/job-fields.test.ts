import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { JOB_FIELDS } from './job-fields.js';

const parse = (metadata?: string) => z.strictObject(JOB_FIELDS).safeParse({ metadata });
const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));

describe('the metadata of a job', () => {
  it.each([
    ['absent', undefined, {}],
    ['one pair', '{"order":"4711"}', { order: '4711' }],
    ['16 pairs', JSON.stringify(pairs(16)), pairs(16)],
  ])('may be %s', (_name, text, metadata) => {
    expect(parse(text).data).toEqual({ metadata });
  });

  it.each([
    ['no JSON', '{order: 4711}'],
    ['a list', '["order"]'],
    ['null', 'null'],
    ['a number inside', '{"order":4711}'],
    ['17 pairs', JSON.stringify(pairs(17))],
    ['a name of 65 characters', JSON.stringify({ ['k'.repeat(65)]: 'v' })],
    ['a value of 513 characters', JSON.stringify({ k: 'v'.repeat(513) })],
  ])('may not be %s', (_name, text) => {
    expect(parse(text).error?.issues[0]?.path).toContain('metadata');
  });
});

describe("a job's own webhook", () => {
  const fields = (texts: object) => z.strictObject(JOB_FIELDS).safeParse(texts);

  it('takes the events it wants as a list of words', () => {
    const webhook = 'https://example.org/hook?order=4711';
    const webhook_events = 'recognition.failed, recognition.succeeded';
    expect(fields({ webhook, webhook_events }).data).toMatchObject({
      webhook,
      webhook_events: ['recognition.failed', 'recognition.succeeded'],
    });
  });

  it.each([
    ['an event that there is not', { webhook_events: 'recognition.started' }, 'webhook_events'],
    ['no event', { webhook_events: '' }, 'webhook_events'],
    ['no address', { webhook: 'example.org' }, 'webhook'],
  ])('does not take %s', (_name, texts, field) => {
    expect(fields(texts).error?.issues[0]?.path).toContain(field);
  });
});
