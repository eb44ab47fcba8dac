import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newModelVersion, type WorkerParts } from '@facehash/contracts';
import { announceProcess, connectRedis, type Redis } from '@facehash/jobs';
import { apiKeys, models, openStorage, type ObjectStorage } from '@facehash/storage';
import { startRedis, type RedisForTests } from '@facehash/testkit';
import { openDataDir, type DataDir } from '../data-dir.js';
import { runChecks, type Finding } from './check.js';
import { examine } from './examine.js';
import { findingsText } from './findings-text.js';
import { doctorSettings } from './settings.js';
import { STORAGE_CHECKS } from './storage-checks.js';

let redis: RedisForTests;
let admin: Redis;
let dataDir: DataDir;

beforeAll(async () => {
  redis = await startRedis();
  admin = connectRedis(redis.url, 'worker');
  await announce();
  dataDir = openDataDir(await mkdtemp(join(tmpdir(), 'facehash-doctor-')));
});
afterAll(async () => {
  for (const close of announced) await close();
  await admin.quit();
  await redis.stop();
  await rm(dataDir.path, { recursive: true });
});

const announced: (() => Promise<void>)[] = [];

/** A worker that says that it is there, without being one; ended with the tests. */
async function announce(parts: Partial<WorkerParts> = {}): Promise<() => Promise<void>> {
  const worker: WorkerParts = {
    ...{ concurrency: 1, threads: 6, opencv: '4.6.0', decoder: 'opencv', engine: 'opencv' },
    ...{ backend: 'wasm', device: 'cpu', extractor: 'e/1', ...parts },
  };
  const presence = await announceProcess({ redis: admin, app: 'worker', worker });
  const close = () => presence.close();
  announced.push(close);
  return close;
}

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
    expect(found.get('Redis can write to its disk')?.verdict).toBe('ok');
    expect(found.get('Redis has memory left')?.detail).toMatch(/^\d+ MB of \d+ MB, all of its machine$/);
    expect(found.get('Redis answers soon')?.detail).toMatch(/^within [\d.]+ ms/);
    expect(found.get('Disk space of Redis')?.detail).toMatch(/GB free at \//);
    expect(found.get('Clock of the storage')?.verdict).toBe('ok');
    expect(found.get('Nothing is left lying')?.verdict).toBe('ok');
    expect(found.get('Workers take jobs')).toMatchObject({
      verdict: 'ok',
      detail: expect.stringMatching(
        /\/\d+: \d+\.\d+\.\d+, 1 photo\(s\) at a time, embeddings by opencv, models on wasm \(cpu\)$/,
      ),
    });
    expect(found.get('One version everywhere')?.detail).toMatch(/^\d+\.\d+\.\d+$/);
    expect(found.get('OpenCV of the workers')?.detail).toMatch(/: 4\.6\.0, opencv decodes$/);
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
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect((await findings()).get('Redis keeps jobs when its memory is full')).toMatchObject({
      verdict: 'fail',
      advice: expect.stringContaining('noeviction'),
    });
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
  });

  it('tells a Redis whose memory is nearly full, and one that cannot write to its disk', async () => {
    const used = Number(/^used_memory:(\d+)/m.exec(await admin.info('memory'))?.[1]);
    const [, dir = ''] = await admin.config('GET', 'dir');
    // A folder where the snapshot should be renamed to: refused also where the tests run as root.
    await mkdir(join(dir, 'dump.rdb', 'in the way'), { recursive: true });
    await admin.config('SET', 'maxmemory', String(Math.round(used * 1.1)));
    await admin.bgsave();
    const status = async () => /^rdb_last_bgsave_status:(\w+)/m.exec(await admin.info('persistence'))?.[1];
    while ((await status()) === 'ok') await sleep(20);
    const found = await findings();
    expect(found.get('Redis has memory left')?.verdict).not.toBe('ok');
    expect(found.get('Redis can write to its disk')).toMatchObject({
      verdict: 'fail',
      detail: 'the last snapshot failed',
    });
    await admin.config('SET', 'maxmemory', '0');
    await rm(join(dir, 'dump.rdb'), { recursive: true });
    await admin.bgsave();
    while ((await status()) !== 'ok') await sleep(20);
  });

  it('tells workers that differ: by version, by what they measure, by where they compute', async () => {
    const second = await announce({ extractor: 'e/2', opencv: '4.10.0', decoder: 'sharp', threads: 2 });
    let found = await findings();
    expect(found.get('Workers compute alike')).toMatchObject({
      verdict: 'warn',
      detail: expect.stringMatching(/e\/1; .*e\/2$/),
    });
    expect(found.get('OpenCV of the workers')).toMatchObject({
      verdict: 'ok',
      detail: expect.stringMatching(/4\.10\.0, sharp decodes; 4\.10 and 4\.11 leak .*CVE-2025-53644/),
    });
    expect(found.get('Threads and open files')?.detail).toContain('UV_THREADPOOL_SIZE 2');
    await second();

    const third = await announce({ device: 'gpu', opencv: '4.11.0' });
    const [id] = await admin.smembers('facehash:processes').then(async (ids) => {
      const texts = await Promise.all(ids.map((each) => admin.get(`facehash:process:${each}`)));
      return ids.filter((_, at) => texts[at]?.includes('4.11.0'));
    });
    const name = `facehash:process:${id}`;
    await admin.set(name, (await admin.get(name))!.replace(/"version":"[^"]+"/, '"version":"9.9.9"'));
    found = await findings();
    expect(found.get('One version everywhere')).toMatchObject({
      verdict: 'warn',
      detail: expect.stringContaining('worker 9.9.9'),
    });
    expect(found.get('Workers compute alike')?.detail).toMatch(/cpu; .*gpu$/);
    // Such a worker decides against its own rule.
    expect(found.get('OpenCV of the workers')?.verdict).toBe('fail');
    await third();
  });

  it('tells what was left lying: data of no key, uploads nobody fetched', async () => {
    const storage = await openStorage(dataDir.storageUrl);
    const folders = ['gone', ...Array.from({ length: 11 }, (_, n) => `lost_${n}`)].map(
      (id) => `tenants/key_${id}/`,
    );
    for (const folder of folders) await storage.put(`${folder}subjects/sub_1.json`, Buffer.from('{}'));
    await storage.put('uploads/job_old/photo', Buffer.from('a photo'));
    const old = new Date(Date.now() - 26 * 3_600_000);
    await utimes(join(fileURLToPath(dataDir.storageUrl), 'uploads/job_old/photo'), old, old);
    const found = await findings();
    expect(found.get('Keys, people and photos')).toMatchObject({
      verdict: 'warn',
      detail: expect.stringMatching(/data of key_gone, (key_lost_\d+,? ){9}and 2 more, which is no key/),
    });
    expect(found.get('Nothing is left lying')).toMatchObject({
      verdict: 'warn',
      detail: 'uploads of 1 job(s) are older than a day',
    });
    for (const folder of folders) await storage.deletePrefix(folder);
    await storage.deletePrefix('uploads/');
    await storage.close();
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

  it('warns of files that are not those of everybody else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'facehash-doctor-'));
    for (const name of ['alt2', 'default']) {
      await writeFile(join(folder, `haarcascade_frontalface_${name}.xml`), '<opencv_storage/>');
    }
    const landmarks = join(folder, 'haarcascade_frontalface_alt2.xml');
    const found = await findings({ FACEHASH_LANDMARK_MODEL: landmarks, FACEHASH_CASCADES_DIR: folder });
    expect(found.get('Landmark model')?.verdict).toBe('warn');
    expect(found.get('Haar cascades')?.verdict).toBe('warn');
    const shipped = await findings();
    expect(shipped.get('Haar cascades')?.verdict).toBe('ok');
    expect(shipped.get('Weights of the embedding')).toMatchObject({ verdict: 'ok', detail: 'whole' });
    // What setup made here is what the doctor expects everywhere.
    expect(shipped.get('Landmark model')?.verdict).toBe('ok');
    await rm(folder, { recursive: true });
  });
});

describe('STORAGE_CHECKS', () => {
  const verdicts = async (broken: Partial<ObjectStorage>) => {
    const storage = await openStorage(dataDir.storageUrl);
    const found = await runChecks(STORAGE_CHECKS, { ...storage, ...broken });
    await storage.deletePrefix('doctor/');
    await storage.close();
    return new Map(found.map((finding) => [finding.name, finding]));
  };

  it('fail a storage that keeps what was deleted, or answers with what was overwritten', async () => {
    const kept = await verdicts({ delete: () => Promise.resolve() });
    expect(kept.get('Storage can be written')?.detail).toBe('a deleted object is still there');
    const first = Buffer.from('written by facehash doctor');
    const stale = await verdicts({ get: () => Promise.resolve(first) });
    expect(stale.get('Storage can be written')?.detail).toBe('the old bytes came back after an overwrite');
  });

  it('warn of a storage with another clock', async () => {
    const storage = await openStorage(dataDir.storageUrl);
    async function* listWithTimes(prefix: string) {
      for await (const object of storage.listWithTimes(prefix)) {
        yield { ...object, writtenAt: new Date(object.writtenAt.getTime() - 60_000) };
      }
    }
    const late = await verdicts({ listWithTimes });
    expect(late.get('Clock of the storage')).toMatchObject({
      verdict: 'warn',
      detail: expect.stringMatching(/^(59|60)\d{3} ms from this machine/),
    });
    await storage.close();
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
