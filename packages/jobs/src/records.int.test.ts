import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, newId } from '@facehash/contracts';
import { JOB_CATALOGUE } from './catalogue.js';
import { connectRedis, type Redis } from './connection.js';
import { createJobRecords, RECORD_TTL_MS, type JobRecords } from './records.js';
import { redisKeys } from './redis-keys.js';
import { answer, newPrefix, trained } from './testing/examples.js';
import { useRedis } from './testing/use-redis.js';

const { recognize, extract, train } = JOB_CATALOGUE;

describe('A job record', () => {
  let redis: Redis;
  let url: string;
  useRedis((connection, itsUrl) => {
    redis = connection;
    url = itsUrl;
  });

  let prefix: string;
  let records: JobRecords;
  let jobId: string;
  const envelope = { keyId: newId('key'), requestId: newId('request') };
  const jobNow = async () => (await records.read(jobId))?.job;

  beforeEach(async () => {
    prefix = newPrefix();
    records = createJobRecords(redis, prefix);
    jobId = newId('job');
    await records.create({ jobId, type: 'recognize', ...envelope });
  });

  it('starts queued, with an owner, an age and an end of its life', async () => {
    const record = await records.read(jobId);
    expect(record).toMatchObject(envelope);
    expect(record?.job).toMatchObject({
      id: jobId,
      type: 'recognize',
      status: 'queued',
      started_at: null,
      result: null,
      error: null,
      progress: { percent: 0, stage: 'queued' },
      metrics: { queue_ms: null, process_ms: null },
      metadata: {},
      urls: {
        self: `/v1/jobs/${jobId}`,
        cancel: `/v1/jobs/${jobId}/cancel`,
        events: `/v1/jobs/${jobId}/events`,
      },
    });
    const lifeMs = Date.parse(record!.job.expires_at) - Date.parse(record!.job.created_at);
    expect(lifeMs).toBe(RECORD_TTL_MS);
    expect(await redis.pttl(redisKeys(prefix).record(jobId))).toBeGreaterThan(RECORD_TTL_MS - 60_000);
  });

  it('lives on after its end as long as its key says, and the list of the key as long as its last record', async () => {
    const HOUR_MS = 3_600_000;
    const list = redisKeys(prefix).jobsOf(envelope.keyId);
    const lives = { short: newId('job'), long: newId('job') };
    await records.create({ jobId: lives.long, type: 'recognize', ...envelope, resultsHours: 48 });
    await records.create({ jobId: lives.short, type: 'recognize', ...envelope, resultsHours: 1 });
    for (const id of [lives.long, lives.short]) {
      await records.start(id, 'recognize', recognize.started);
      await records.finish(id, answer);
    }
    for (const [id, hours] of [
      [lives.long, 48],
      [lives.short, 1],
    ] as const) {
      const { expires_at, completed_at } = (await records.read(id))!.job;
      expect(Date.parse(expires_at) - Date.parse(completed_at!)).toBe(hours * HOUR_MS);
      const ttl = await redis.pttl(redisKeys(prefix).record(id));
      expect(Math.abs(ttl - hours * HOUR_MS)).toBeLessThan(60_000);
    }
    expect(await redis.pttl(list)).toBeGreaterThan(47 * HOUR_MS);
    await records.cancel(jobId);
    expect(await redis.pttl(list)).toBeGreaterThan(47 * HOUR_MS);
  });

  it('is refused when its id is taken', async () => {
    await expect(records.create({ jobId, type: 'train', ...envelope })).rejects.toThrow(jobId);
    expect(await jobNow()).toMatchObject({ type: 'recognize' });
  });

  it('tells what a recognition found, by which model and how long it took', async () => {
    expect(await records.start(jobId, 'recognize', recognize.started)).toMatchObject({
      status: 'processing',
    });
    expect(await records.finish(jobId, answer)).toBe(true);
    const job = await jobNow();
    expect(job).toMatchObject({ status: 'succeeded', ...answer, error: null });
    expect(job?.progress).toEqual({ percent: 100, stage: 'done' });
    expect(job?.metrics.queue_ms).toBeGreaterThanOrEqual(0);
    expect(job?.metrics.process_ms).toBeGreaterThanOrEqual(0);
  });

  it('tells why a job failed, as a problem document with the request id', async () => {
    await records.finish(jobId, { error: new AppError('IMAGE_EMPTY', 'no bytes') });
    expect(await jobNow()).toMatchObject({
      status: 'failed',
      result: null,
      error: { code: 'IMAGE_EMPTY', detail: 'no bytes', status: 422, request_id: envelope.requestId },
    });
  });

  it('is ended by exactly one of twenty who try at once', async () => {
    const racers = Array.from({ length: 20 }, () => connectRedis(url, 'worker'));
    const won = await Promise.all(
      racers.map((racer, i) =>
        createJobRecords(racer, prefix).finish(
          jobId,
          i % 2 === 0 ? answer : { error: new AppError('JOB_LOST', 'lost') },
        ),
      ),
    );
    await Promise.all(racers.map((racer) => racer.quit()));
    expect(won.filter(Boolean)).toHaveLength(1);
    const job = await jobNow();
    expect([job?.result, job?.error].filter((end) => end !== null)).toHaveLength(1);
    expect(job?.status).toBe(won.indexOf(true) % 2 === 0 ? 'succeeded' : 'failed');
  });

  it('does not change any more once it has ended', async () => {
    await records.finish(jobId, answer);
    const ended = await jobNow();
    expect(await records.start(jobId, 'recognize', recognize.started)).toMatchObject({ status: 'succeeded' });
    await records.progress(jobId, 'recognizing', 50);
    expect(await jobNow()).toEqual(ended);
  });

  it('is not brought back to life by anybody once it is gone', async () => {
    await redis.del(redisKeys(prefix).record(jobId));
    expect(await records.start(jobId, 'recognize', recognize.started)).toMatchObject({ status: 'missing' });
    await records.progress(jobId, 'recognizing', 50);
    await records.stepDone(jobId, 'extract-0', 2);
    await records.cleaned(jobId, 'recognize');
    expect(await records.finish(jobId, answer)).toBe(false);
    expect(await redis.exists(redisKeys(prefix).record(jobId))).toBe(0);
    expect(await jobNow()).toBeUndefined();
  });

  it('never shows progress running backwards', async () => {
    await records.start(jobId, 'recognize', recognize.started);
    await records.progress(jobId, 'recognizing', 60);
    await records.progress(jobId, 'recognizing', 40);
    await records.start(jobId, 'recognize', recognize.started);
    expect((await jobNow())?.progress.percent).toBe(60);
  });

  it('remembers per step that it was cleaned up', async () => {
    await records.finish(jobId, { error: new AppError('JOB_LOST', 'lost') });
    await records.cleaned(jobId, 'recognize');
    const found = { status: 'failed', done: false, crashes: 0 };
    expect(await records.start(jobId, 'recognize', recognize.started)).toEqual({ ...found, cleaned: true });
    expect(await records.start(jobId, 'other', recognize.started)).toEqual({ ...found, cleaned: false });
  });

  it('counts the runs that began and never ended', async () => {
    const crashes = async () => (await records.start(jobId, 'recognize', recognize.started)).crashes;
    await records.runBegins(jobId, 'recognize');
    expect(await crashes()).toBe(1);
    await records.runEnds(jobId, 'recognize');
    expect(await crashes()).toBe(0);
    await records.runBegins(jobId, 'other');
    expect(await crashes()).toBe(0);
  });

  it('of a training counts each batch once and leaves the last tenth to the fit', async () => {
    jobId = newId('job');
    await records.create({ jobId, type: 'train', ...envelope, photos: 8 });
    const seen: unknown[] = [];
    const look = async (): Promise<void> => void seen.push((await jobNow())?.progress);
    await records.start(jobId, 'extract-0', extract.started);
    await look();
    for (const photos of [4, 4]) await records.stepDone(jobId, 'extract-0', photos);
    await look();
    expect(await records.start(jobId, 'extract-0', extract.started)).toMatchObject({ done: true });
    await records.stepDone(jobId, 'extract-1', 4);
    await look();
    await records.start(jobId, 'train', train.started);
    await records.progress(jobId, 'fitting', 95);
    await look();
    await records.finish(jobId, trained);
    await look();
    expect(seen).toEqual([
      { percent: 0, stage: 'extracting' },
      { percent: 45, stage: 'extracting' },
      { percent: 90, stage: 'extracting' },
      { percent: 95, stage: 'fitting' },
      { percent: 100, stage: 'done' },
    ]);
  });
});
