import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newModelVersion } from '@facehash/contracts';
import { connectRedis } from '@facehash/jobs';
import { apiKeys, models, openStorage } from '@facehash/storage';
import { startRedis, type RedisForTests } from '@facehash/testkit';
import { openDataDir, type DataDir } from '../data-dir.js';
import type { Finding } from './check.js';
import { examine } from './examine.js';
import { findingsText } from './findings-text.js';
import { doctorSettings } from './settings.js';

let redis: RedisForTests;
let dataDir: DataDir;

beforeAll(async () => {
  redis = await startRedis();
  dataDir = openDataDir(await mkdtemp(join(tmpdir(), 'facehash-doctor-')));
});
afterAll(async () => {
  await redis.stop();
  await rm(dataDir.path, { recursive: true });
});

async function findings(environment: NodeJS.ProcessEnv = {}): Promise<Map<string, Finding>> {
  const config = { url: undefined, secret: undefined, storageUrl: undefined, environment };
  const found = await examine(await doctorSettings(dataDir, config));
  return new Map(found.map((finding) => [finding.name, finding]));
}

describe('examine', () => {
  it('takes Redis and the gateway that run on the data directory, and counts what is stored there', async () => {
    await dataDir.writeUp({ url: 'http://127.0.0.1:1', redisUrl: redis.url, pid: 1, processes: [] });
    const storage = await openStorage(dataDir.storageUrl);
    await apiKeys(storage).create({ name: 'a', now: new Date() });
    const found = await findings();
    expect(found.get('Node.js')?.verdict).toBe('ok');
    expect(found.get('OpenCV')?.detail).toMatch(/^4\.\d+/);
    expect(found.get('Redis answers')).toMatchObject({ verdict: 'ok', detail: new URL(redis.url).host });
    expect(found.get('Redis keeps jobs when its memory is full')?.verdict).toBe('ok');
    // The Redis of tests writes nothing to disk.
    expect(found.get('Redis keeps jobs over a restart')?.verdict).toBe('warn');
    expect(found.get('Clocks agree')?.verdict).toBe('ok');
    expect(found.get('Storage can be written')?.verdict).toBe('ok');
    expect(found.get('Keys, people and photos')?.detail).toMatch(/^1 live key\(s\) of 1, 0 subject/);
    expect(found.get('Gateway answers and is ready')).toMatchObject({
      verdict: 'fail',
      detail: 'http://127.0.0.1:1 does not answer',
    });
    const left: string[] = [];
    for await (const key of storage.list('doctor/')) left.push(key);
    expect(left).toEqual([]);
    await storage.close();
  });

  it('fails a Redis that throws jobs away, and says what to set', async () => {
    const admin = connectRedis(redis.url, 'worker');
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect((await findings()).get('Redis keeps jobs when its memory is full')).toMatchObject({
      verdict: 'fail',
      advice: expect.stringContaining('noeviction'),
    });
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    await admin.quit();
  });

  it('says nothing about what lies behind a Redis or a storage that does not answer', async () => {
    const found = await findings({ FACEHASH_REDIS_URL: 'redis://:hidden@127.0.0.1:1' });
    expect(found.get('Redis answers')?.verdict).toBe('fail');
    expect(found.has('Redis version')).toBe(false);
    expect(JSON.stringify([...found.values()])).not.toContain('hidden');
  });

  it('finds a model in force that is not the one its card tells of', async () => {
    const storage = await openStorage(dataDir.storageUrl);
    const { key } = await apiKeys(storage).create({ name: 'b', now: new Date() });
    const version = newModelVersion(Date.now());
    await models(storage, key.id).publish({
      card: {
        ...{ version, trainedAt: new Date().toISOString(), jobId: 'job_0', alongJobs: [] },
        ...{
          features: 'ratios' as const,
          featuresReason: '',
          realised: null,
          background: 'none',
          labels: [],
          threshold: 0,
          targetFpir: 0.01,
        },
        ...{ calibration: 'uncalibrated', fitMs: 0 },
      },
      modelJson: Buffer.from('{}'),
      weights: Buffer.from([1]),
    });
    expect((await findings()).get('Models in force are whole')?.verdict).toBe('ok');
    await storage.put(`tenants/${key.id}/models/${version}/weights.bin`, Buffer.from([2]));
    expect((await findings()).get('Models in force are whole')).toMatchObject({
      verdict: 'fail',
      detail: expect.stringContaining('SHA-256'),
    });
    await storage.close();
  });

  it('fails missing files, each with its setting', async () => {
    const found = await findings({ FACEHASH_LANDMARK_MODEL: '/missing', FACEHASH_CASCADES_DIR: '/missing' });
    expect(found.get('Landmark model')).toMatchObject({
      verdict: 'fail',
      advice: expect.stringContaining('FACEHASH_LANDMARK_MODEL'),
    });
    expect(found.get('Haar cascades')?.verdict).toBe('fail');
  });
});

describe('findingsText', () => {
  it('shows a line a finding, and advice where there is some', () => {
    const text = findingsText([
      { name: 'Node.js', verdict: 'ok', detail: '20.1.0' },
      { name: 'Redis answers', verdict: 'fail', detail: 'no answer', advice: 'Start it.' },
    ]);
    expect(text).toBe(
      'ok    Node.js: 20.1.0\nFAIL  Redis answers: no answer\n      → Start it.\n\n1 ok, 0 to look at, 1 failed',
    );
  });
});
