import { hashSecret } from '@facehash/contracts';
import { describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './config.js';

const minimal = { FACEHASH_STORAGE_URL: 'file:///data' };

describe('readConfig', () => {
  it('listens to this machine only unless told otherwise', () => {
    expect(readConfig(minimal)).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      redisUrl: 'redis://127.0.0.1:6379',
    });
  });

  it('takes the documented limits', () => {
    expect(readConfig(minimal).limits).toEqual({
      maxImageBytes: 20 * 1024 * 1024,
      maxPhotos: 200,
      maxModelBytes: 64 * 1024 * 1024,
      requestsPerMinute: 6000,
      failuresPerMinute: 120,
      openJobs: 10_000,
      queueWaitMs: 600_000,
    });
  });

  it('has the limits that docs/limits.md tells', async () => {
    const page = await readFile(new URL('../../../docs/limits.md', import.meta.url), 'utf8');
    const told = [...page.matchAll(/`(FACEHASH_\w+)` \| ([\d ]+) \|/g)].map(([, name, value]) => [
      name,
      value!.replaceAll(' ', ''),
    ]);
    expect(told).toHaveLength(4);
    expect(readConfig({ ...minimal, ...(Object.fromEntries(told) as Record<string, string>) })).toEqual(
      readConfig(minimal),
    );
  });

  it('names the storage setting when it is missing', () => {
    expect(() => readConfig({})).toThrow(/^FACEHASH_STORAGE_URL: is missing; set file:\/\/\/dir/);
  });

  it('names every wrong setting, a line each', () => {
    const env = { ...minimal, FACEHASH_PORT: 'http', FACEHASH_LOG_LEVEL: 'loud' };
    expect(() => readConfig(env)).toThrow(/FACEHASH_PORT: expected a port.*\nFACEHASH_LOG_LEVEL: /);
  });

  it('refuses more photos a training than documented', () => {
    expect(() => readConfig({ ...minimal, FACEHASH_MAX_PHOTOS: '201' })).toThrow(/FACEHASH_MAX_PHOTOS/);
  });

  it('serves metrics only where a port is given, and to this machine only unless told otherwise', () => {
    expect(readConfig(minimal).metrics).toBeUndefined();
    const settings = { ...minimal, FACEHASH_METRICS_PORT: '9464' };
    expect(readConfig(settings).metrics).toEqual({ host: '127.0.0.1', port: 9464 });
    expect(readConfig({ ...settings, FACEHASH_METRICS_HOST: '::' }).metrics?.host).toBe('::');
  });

  it('sends webhooks to public addresses only, unless told otherwise', () => {
    expect(readConfig(minimal).webhooks.allowPrivate).toBe(false);
    const settings = { ...minimal, FACEHASH_WEBHOOK_ALLOW_PRIVATE: 'true' };
    expect(readConfig(settings).webhooks.allowPrivate).toBe(true);
    expect(() => readConfig({ ...minimal, FACEHASH_WEBHOOK_ALLOW_PRIVATE: 'yes' })).toThrow(/ALLOW_PRIVATE/);
  });

  it('keeps only the hash of an admin token, and refuses one that could be guessed', () => {
    const token = 'f'.repeat(32);
    const { adminTokenHash } = readConfig({ ...minimal, FACEHASH_ADMIN_TOKEN: token });
    expect(adminTokenHash).toBe(hashSecret(token));
    expect(readConfig(minimal).adminTokenHash).toBeUndefined();
    for (const weak of ['secret', '', `${token} ${token}`]) {
      expect(() => readConfig({ ...minimal, FACEHASH_ADMIN_TOKEN: weak })).toThrow(/^FACEHASH_ADMIN_TOKEN: /);
    }
  });

  it('takes its secrets from files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'facehash-config-'));
    const FACEHASH_STORAGE_URL_FILE = join(folder, 'storage-url');
    await writeFile(FACEHASH_STORAGE_URL_FILE, 's3://access:secret@s3:9000/facehash\n');
    expect(readConfig({ FACEHASH_STORAGE_URL_FILE }).storageUrl).toBe('s3://access:secret@s3:9000/facehash');
    await rm(folder, { recursive: true });
    expect(() => readConfig({ FACEHASH_STORAGE_URL_FILE })).toThrow(/^FACEHASH_STORAGE_URL_FILE: .*ENOENT/);
  });
});
