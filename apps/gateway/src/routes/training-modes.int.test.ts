import {
  newId,
  type ExtractPayload,
  type Job,
  type OnTraining,
  type TrainPayload,
} from '@facehash/contracts';
import { apiKeys } from '@facehash/storage';
import { describe, expect, it } from '@jest/globals';
import { formOf, jpegOf } from '../testing/forms.js';
import { bearer, send } from '../testing/requests.js';
import { standInHandlers } from '../testing/stand-in-worker.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway({ per: 'test' });

/** A key of this mode, and what its holder may send. */
async function keyOf(onTraining: OnTraining) {
  const made = await apiKeys(gateway.storage).create({ name: onTraining, now: new Date(), onTraining });
  const post = <T>(path: string, body: FormData) =>
    send<T>(`${gateway.url}/v1/${path}`, { method: 'POST', headers: bearer(made.secret), body });
  return {
    id: made.key.id,
    train: <T = Job>(label: string) => post<T>('train', formOf(['label', label], ['photos', jpegOf(99)])),
    recognize: <T = Job>() => post<T>('recognize', formOf(['image', jpegOf(99)])),
    add: <T = Job>(label: string) => post<T>(`subjects/${label}/photos`, formOf(['photos', jpegOf(99)])),
  };
}

const ended = async (jobId: string): Promise<Job> => (await gateway.jobs.wait(jobId, 20_000))!.job;

/** A worker whose trainings end when they are told to. */
async function startHeldWorker(): Promise<{ release: () => void; subjects: string[] }> {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const handlers = standInHandlers(gateway.storage);
  const subjects: string[] = [];
  await gateway.startWorker({
    extract: {
      run: (payload: ExtractPayload, context) => {
        subjects.push(payload.subjectId);
        return handlers.extract.run(payload, context);
      },
    },
    train: {
      async run(payload: TrainPayload, context) {
        await context.turn();
        await held;
        return handlers.train.run(payload, context);
      },
    },
  });
  return { release, subjects };
}

describe('A key with on_training: reject', () => {
  it('refuses recognition and a second training, and takes photos without a training', async () => {
    const key = await keyOf('reject');
    await gateway.publishModel(key.id);
    const { body: training } = await key.train('Ada');
    for (const refused of [
      await key.recognize<{ code: string; training_job: string }>(),
      await key.train<{ code: string; training_job: string }>('Bob'),
    ]) {
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([409, '5']);
      expect(refused.body.training_job).toBe(training.id);
    }
    const { status, body } = await key.add('Bob');
    expect([status, body.type]).toEqual([202, 'enrol']);
  });
});

describe('A key with on_training: previous', () => {
  it('accepts trainings at any time, and recognition once there is a model', async () => {
    const key = await keyOf('previous');
    const { release } = await startHeldWorker();
    const trainings = [await key.train('Ada'), await key.train('Bob')];
    expect(trainings.map(({ status }) => status)).toEqual([202, 202]);
    const none = await key.recognize<{ code: string }>();
    expect([none.status, none.body.code]).toEqual([409, 'MODEL_NOT_TRAINED']);
    await gateway.publishModel(key.id);
    const { status, body } = await key.recognize();
    expect([status, body.waiting_for]).toEqual([202, null]);
    expect((await ended(body.id)).status).toBe('succeeded');
    release();
    for (const { body: training } of trainings) expect((await ended(training.id)).status).toBe('succeeded');
  });

  it('makes one person of a new label that comes twice', async () => {
    const key = await keyOf('previous');
    const { release, subjects } = await startHeldWorker();
    release();
    const both = await Promise.all([key.train('Ada'), key.train('Ada'), key.train('Bob')]);
    for (const { body } of both) await ended(body.id);
    expect([subjects.length, new Set(subjects).size]).toEqual([3, 2]);
  });
});

describe('A key with on_training: queue', () => {
  it('lets recognition wait for the trainings before it, also for its first model', async () => {
    const key = await keyOf('queue');
    const none = await key.recognize<{ code: string }>();
    expect([none.status, none.body.code]).toEqual([409, 'MODEL_NOT_TRAINED']);
    const [first, second] = [await key.train('Ada'), await key.train('Bob')];
    const { status, body } = await key.recognize();
    expect([status, body.status, body.waiting_for]).toEqual([202, 'queued', second.body.id]);
    const later = await key.train('Cem');
    const { release } = await startHeldWorker();
    await gateway.jobs.cancel(later.body.id, () => Promise.resolve());
    release();
    expect(await ended(body.id)).toMatchObject({ status: 'succeeded', waiting_for: null });
    for (const training of [first, second]) {
      const { completed_at: trained } = await ended(training.body.id);
      const { started_at: started } = await ended(body.id);
      expect(Date.parse(started!)).toBeGreaterThanOrEqual(Date.parse(trained!));
    }
  });
});

describe('A mode', () => {
  it('is changed by the administrator, and holds within seconds', async () => {
    const url = `${gateway.url}/v1/keys/${gateway.key.id}`;
    const headers = { ...bearer(gateway.adminToken), 'content-type': 'application/json' };
    const patch = (body: object) =>
      send<object>(url, { method: 'PATCH', headers, body: JSON.stringify(body) });
    expect((await send<object>(url, { headers })).body).toMatchObject({ on_training: 'reject' });
    expect(await patch({ on_training: 'queue' })).toMatchObject({
      status: 200,
      body: { on_training: 'queue' },
    });
    expect((await send<object>(url, { headers })).body).toMatchObject({ on_training: 'queue' });
    for (const wrong of [
      {},
      { on_training: 'never' },
      { on_training: 'queue', name: 'x' },
      { threshold: 'lax' },
      { threshold: 101 },
    ]) {
      expect(await patch(wrong)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    }
    const unknown = url.replace(gateway.key.id, newId('key'));
    const change = { method: 'PATCH', headers, body: JSON.stringify({ on_training: 'queue' }) };
    expect(await send(unknown, change)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });
});
