import { modelResourceSchema, newId, type ModelResource } from '@facehash/contracts';
import { models, photos } from '@facehash/storage';
import { describe, expect, it } from '@jest/globals';
import { bearer, send } from '../testing/requests.js';
import { standInModel } from '../testing/stand-in-worker.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway();

const get = <T>() => send<T>(`${gateway.url}/v1/model`, { headers: bearer(gateway.secret) });

/** Accepted, and never ended: there is no worker. */
async function startTraining(): Promise<string> {
  const envelope = { jobId: newId('job'), keyId: gateway.key.id, requestId: 'r' };
  await gateway.jobs.trainings.acquire(envelope.keyId, envelope.jobId);
  await gateway.jobs.submitTraining({ ...envelope, subject: null }, []);
  return envelope.jobId;
}

describe('GET /v1/model', () => {
  it('is not found before the first training, and tells when one is under way', async () => {
    expect(await get()).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND', training: null, pending_photos: 0 },
    });
    const training = await startTraining();
    expect(await get()).toMatchObject({ status: 404, body: { training } });
  });

  it('describes the model in force, with its people as they are called now', async () => {
    const createdAt = '2026-11-24T10:00:00.000Z';
    const [ann, bob] = [newId('subject'), newId('subject')];
    await gateway.enrol({ id: ann, label: 'Ann', createdAt });
    await gateway.enrol({ id: bob, label: 'Robert', createdAt });
    const { card, ...files } = standInModel();
    const labels = [
      { subjectId: ann, label: 'Ann', photos: 3 },
      { subjectId: bob, label: 'Bob', photos: 4 },
    ];
    await models(gateway.storage, gateway.key.id).publish({ card: { ...card, labels }, ...files });

    const kept = photos(gateway.storage, gateway.key.id);
    for (let photo = 0; photo < 5; photo++) await kept.put(ann, newId('photo'), Buffer.from('a'), 'jpeg');
    // Of somebody who is not enrolled yet, and of somebody with fewer photos than the model has learnt.
    await kept.put(newId('subject'), newId('photo'), Buffer.from('a'), 'jpeg');
    await kept.put(bob, newId('photo'), Buffer.from('a'), 'jpeg');

    const { status, body } = await get<ModelResource>();
    expect(status).toBe(200);
    expect(modelResourceSchema.parse(body)).toEqual({
      ...{
        object: 'model',
        version: card.version,
        features: 'ratios',
        features_reason: '',
        background: 'none',
        fit: 'closed_form',
        fit_reason: '',
        origin: 'trained',
      },
      labels: [
        { label: 'Ann', subject_id: ann, photos: 3 },
        { label: 'Robert', subject_id: bob, photos: 4 },
      ],
      ...{ photos: 7, pending_photos: 2, calibration: 'uncalibrated', realised: null },
      ...{ threshold: 0, threshold_setting: 'strict', target_fpir: 0.01 },
      ...{ trained_at: card.trainedAt, trained_by: 'job_0', training: expect.stringMatching(/^job_/) },
    });
  });

  it('is the caller’s own: another key has none', async () => {
    const { secret } = await gateway.newKey();
    expect((await send(`${gateway.url}/v1/model`, { headers: bearer(secret) })).status).toBe(404);
    expect((await send(`${gateway.url}/v1/model`)).status).toBe(401);
  });
});
