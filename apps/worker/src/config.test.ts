import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './config.js';

const minimal = { FACEHASH_STORAGE_URL: 'file:///data' };

describe('readConfig', () => {
  it('needs nothing but the storage', () => {
    expect(readConfig(minimal)).toMatchObject({
      storageUrl: 'file:///data',
      concurrency: 1,
      backend: 'auto',
      engine: 'auto',
    });
  });

  it('says which setting is wrong and what it takes', () => {
    expect(() => readConfig({})).toThrow(/FACEHASH_STORAGE_URL.*s3:\/\//);
    expect(() => readConfig({ ...minimal, FACEHASH_CONCURRENCY: '3' })).toThrow(/FACEHASH_CONCURRENCY/);
  });

  it('warns about what only the starter of the process can set', () => {
    expect(readConfig(minimal).warnings).toHaveLength(1);
    expect(readConfig({ ...minimal, UV_THREADPOOL_SIZE: '2' }).warnings.join()).toContain('at least 4');
    expect(
      readConfig({
        ...minimal,
        FACEHASH_CONCURRENCY: '2',
        UV_THREADPOOL_SIZE: '5',
        OPENCV4NODEJS_DISABLE_EXTERNAL_MEM_TRACKING: '1',
      }).warnings,
    ).toEqual([]);
  });

  it('serves metrics only where a port is given, and to this machine only unless told otherwise', () => {
    expect(readConfig(minimal).metrics).toBeUndefined();
    const settings = { ...minimal, FACEHASH_METRICS_PORT: '9464' };
    expect(readConfig(settings).metrics).toEqual({ host: '127.0.0.1', port: 9464 });
    expect(readConfig({ ...settings, FACEHASH_METRICS_HOST: '::' }).metrics?.host).toBe('::');
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
