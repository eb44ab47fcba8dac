import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type ExtractPayload, type Job, type TrainResult } from '@facehash/contracts';
import { createJobClient, startConsumer, type Consumer, type JobClient, type Redis } from '@facehash/jobs';
import { selectBackend } from '@facehash/keras-models';
import { models, photos, stagedTables, subjects } from '@facehash/storage';
import { shippedBackgrounds, type Backgrounds } from '../backgrounds.js';
import { storedKeys } from '../testing/stored-keys.js';
import { useRedis } from '../testing/use-redis.js';
import { useStorage } from '../testing/use-storage.js';
import { batchReports } from './batch-report.js';
import { enrolHandler } from './enrol.js';
import { eraseHandler } from './erase.js';
import { trainHandler } from './train.js';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const storage = useStorage({ per: 'file' });
let backgrounds: Backgrounds;
let redis: Redis;
let jobs: JobClient;
let consumers: Consumer[];
const keyId = newId('key');

/** As the real one, with numbers no photo gave. */
async function extract({ jobId, subjectId, batch, photos: sent }: ExtractPayload) {
  const photoIds = sent.map(({ photoId }) => photoId);
  for (const id of photoIds) await photos(storage, keyId).put(subjectId, id, Buffer.from('photo'), 'jpeg');
  await stagedTables(storage, jobId).write(batch, {
    ...{ extractor: 'test', background: backgrounds.ratios.id, photoIds },
    columns: {
      landmarks: new Float32Array(photoIds.length * 136),
      projection: Float32Array.from({ length: photoIds.length * backgrounds.ratios.rank }, (_, n) =>
        Math.sin(n + subjectId.charCodeAt(5)),
      ),
      // Every photo's own, or it would be refused as a duplicate.
      embedding: Float32Array.from(
        photoIds.flatMap((id) =>
          Array.from(createHash('sha512').update(id).digest('hex'), (digit) => parseInt(digit, 16) - 7.5),
        ),
      ),
    },
  });
  await batchReports(storage, jobId).write(batch, {
    ...{ accepted: photoIds.length, refused: [], warnings: [] },
    turns: photoIds.map(() => 0),
  });
  return { accepted: photoIds.length, refused: 0 };
}

// Before Redis goes: what ends a file runs in the order in which it is written.
afterAll(async () => {
  await Promise.all(consumers.map((consumer) => consumer.close()));
  await jobs.close();
});
useRedis((started) => void (redis = started));

beforeAll(async () => {
  await selectBackend('cpu');
  backgrounds = await shippedBackgrounds();
  jobs = createJobClient({ redis });
  const handlers = {
    extract: { run: extract },
    train: trainHandler({ storage, backgrounds, logger: silent }),
    enrol: enrolHandler({ storage }),
    erase: eraseHandler({ storage, backgrounds, tellModelsGone: () => Promise.resolve() }),
    recognize: { run: () => Promise.reject(new Error('not sent here')) },
    detect: { run: () => Promise.reject(new Error('not sent here')) },
    verify: { run: () => Promise.reject(new Error('not sent here')) },
    import: { run: () => Promise.reject(new Error('not sent here')) },
  };
  const start = () => startConsumer({ redis, concurrency: 1, logger: silent, handlers });
  consumers = await Promise.all([start(), start(), start()]);
});
async function train(label: string, count = 2): Promise<string> {
  const envelope = { jobId: newId('job'), keyId, requestId: 'r' };
  const subjectId =
    (await subjects(storage, keyId).findByLabel(label))?.id ??
    (await jobs.trainings.newcomerId(keyId, label));
  const sent = Array.from({ length: count }, (_, n) => ({
    ...{ photoId: newId('photo'), uploadKey: `uploads/${envelope.jobId}/${n}`, fileName: `${n}.jpg` },
  }));
  const subject = { subjectId, label, batches: 1, photos: sent };
  const batch = { ...envelope, subjectId, batch: 0, photos: sent };
  await jobs.submitWaitingTraining({ ...envelope, subject }, [batch]);
  return envelope.jobId;
}
const ended = async (jobId: string): Promise<Job> => (await jobs.wait(jobId, 60_000))!.job;
const versionOf = ({ model }: Job): string => model!.version;

describe('Trainings in a row, on three workers', () => {
  it('each end once, and share fits; the last model knows all but those cancelled', async () => {
    const labels = ['ann', 'bob', 'cem', 'dana', 'ann', 'bob', 'eve', 'finn', 'ann', 'gus'];
    const sent = await Promise.all(labels.map((label) => train(label)));
    const canceled = await train('nobody');
    await jobs.cancel(canceled, () => storage.deletePrefix(`uploads/${canceled}/`));
    const all = await Promise.all(sent.map(ended));

    expect(all.map(({ status }) => status)).toEqual(labels.map(() => 'succeeded'));
    expect(all.map(({ result }) => (result as TrainResult).label)).toEqual(labels);
    expect(new Set(all.map(versionOf)).size).toBeLessThan(labels.length);
    const version = await models(storage, keyId).currentVersion();
    expect(all.map(versionOf)).toContain(version);
    const card = await models(storage, keyId).card(version!);
    const known = card!.labels.map(({ label, photos: learnt }) => `${label} ${learnt}`).sort();
    expect(known).toEqual(['ann 6', 'bob 4', 'cem 2', 'dana 2', 'eve 2', 'finn 2', 'gus 2']);
    expect((await models(storage, keyId).versions()).length).toBeLessThanOrEqual(2);
    expect((await ended(canceled)).status).toBe('canceled');
  }, 90_000);

  it('leave nothing behind in uploads and Redis', async () => {
    const left = async (): Promise<string[]> => {
      return [...(await storedKeys(storage, 'uploads/')), ...(await redis.keys('*:newcomers:*'))];
    };
    // Each training puts its own uploads away at its next turn.
    for (let tries = 200; tries > 0 && (await left()).length > 1; tries--)
      await new Promise((resolve) => setTimeout(resolve, 50));
    // Whom the cancelled one was to enrol is remembered for a day, under a hash.
    expect(await left()).toEqual([expect.stringContaining(':newcomers:')]);
    expect(await jobs.trainings.underWay(keyId)).toEqual([]);
  });
});
