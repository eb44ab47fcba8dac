import { describe, expect, it } from '@jest/globals';
import { keyRetentionSchema, retentionOf } from './retention.js';
import { RETENTION_SETTINGS, retentionSettings, STANDARD_RETENTION } from './retention-settings.js';
import { parseSettings } from './settings.js';
import { z } from 'zod';

const schema = z.object(RETENTION_SETTINGS);
const read = (environment: object) => retentionSettings(parseSettings(schema, environment));

describe('the lifetimes of an installation', () => {
  it('are the standard ones where nothing is set', () => {
    expect(read({})).toEqual(STANDARD_RETENTION);
    expect(STANDARD_RETENTION).toMatchObject({ photos_days: 'forever', results_hours: 24 });
  });

  it('are read from settings', () => {
    const settings = { FACEHASH_PHOTOS_DAYS: '0', FACEHASH_RESULTS_HOURS: ' 48 ' };
    expect(read(settings)).toMatchObject({ photos_days: 0, results_hours: 48 });
    expect(read({ FACEHASH_PHOTOS_DAYS: 'forever' }).photos_days).toBe('forever');
  });

  it.each([
    ['nothing, which must not mean 0', { FACEHASH_PHOTOS_DAYS: '' }],
    ['a word', { FACEHASH_PHOTOS_DAYS: 'never' }],
    ['less than nothing', { FACEHASH_PHOTOS_DAYS: '-1' }],
    ['results that are never readable', { FACEHASH_RESULTS_HOURS: '0' }],
    ['results that fill a memory', { FACEHASH_RESULTS_HOURS: '169' }],
  ])('are not %s', (_what, settings) => {
    expect(() => read(settings)).toThrow(Object.keys(settings)[0]);
  });
});

describe('the lifetimes of a key', () => {
  it('are those of the installation where it says nothing', () => {
    expect(retentionOf(keyRetentionSchema.parse({}), STANDARD_RETENTION)).toEqual(STANDARD_RETENTION);
  });

  it('go before those of the installation, 0 too', () => {
    const own = keyRetentionSchema.parse({ photos_days: 0 });
    expect(retentionOf(own, STANDARD_RETENTION)).toEqual({ ...STANDARD_RETENTION, photos_days: 0 });
  });
});
