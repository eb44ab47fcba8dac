import {
  newId,
  type Problem,
  type KeyResource,
  type ModelReportResource,
  type ModelResource,
} from '@facehash/contracts';
import { models } from '@facehash/storage';
import { describe, expect, it } from '@jest/globals';
import { bearer, send } from '../testing/requests.js';
import { standInModel } from '../testing/stand-in-worker.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway();

const get = <T>(path: string, secret = gateway.secret) =>
  send<T>(`${gateway.url}${path}`, { headers: bearer(secret) });

const [ann, bob, gone] = [newId('subject'), newId('subject'), newId('subject')];
const photo = newId('photo');

describe('GET /v1/model/report', () => {
  it('is not found before a training, and for a model that was trained elsewhere, and says why', async () => {
    const reason = async () => {
      const { status, body } = await get<Problem>('/v1/model/report');
      expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
      return body.detail;
    };
    expect(await reason()).toContain('no model yet');
    const { card, ...files } = standInModel();
    await models(gateway.storage, gateway.key.id).publish({
      card: { ...card, origin: 'imported' },
      ...files,
    });
    expect(await reason()).toContain(`${card.version} was trained elsewhere`);
  });

  it('tells of everybody under the label of now, the worst first, and nothing of who was deleted', async () => {
    const createdAt = '2026-11-24T10:00:00.000Z';
    await gateway.enrol({ id: ann, label: 'Ann', createdAt });
    await gateway.enrol({ id: bob, label: 'Robert', createdAt });
    const { card, ...files } = standInModel();
    const highest = { photoId: photo, score: 12 };
    const confusions = [
      { subjectId: bob, photos: 2, highest },
      { subjectId: gone, photos: 1, highest },
    ];
    const fine = { named: 1, medianScore: 20, lowest: { photoId: photo, score: 9 } };
    const agreement = { named: 0.5, medianScore: 8, lowest: { photoId: photo, score: -3 } };
    await models(gateway.storage, gateway.key.id).publish({
      ...files,
      card: {
        ...card,
        version: 'mdl_1',
        threshold: 6,
        balanced: { threshold: 4, realised: { fpir: 0.04, tpir: 1 } },
      },
      report: {
        subjects: [
          { subjectId: gone, photos: 3, agreement: null, confusions: [], advice: 'more' },
          { subjectId: bob, photos: 3, agreement: fine, confusions: [], advice: 'enough' },
          { subjectId: ann, photos: 4, agreement, confusions, advice: 'better' },
        ],
        lookAlikes: [
          { subjectIds: [ann, bob], score: 7 },
          { subjectIds: [ann, gone], score: 5 },
        ],
      },
    });
    const { status, body } = await get<ModelReportResource>('/v1/model/report');
    expect(status).toBe(200);
    const shown = { photo_id: photo, score: 12 };
    const [a, b] = [
      { label: 'Ann', subject_id: ann },
      { label: 'Robert', subject_id: bob },
    ];
    expect(body).toEqual({
      ...{ object: 'model_report', version: 'mdl_1', threshold: 6 },
      subjects: [
        {
          ...{ ...a, photos: 4, advice: 'better' },
          agreement: { named: 0.5, median_score: 8, lowest: { photo_id: photo, score: -3 } },
          confusions: [{ ...b, photos: 2, highest: shown }],
        },
        {
          ...{ ...b, photos: 3, advice: 'enough', confusions: [] },
          agreement: { named: 1, median_score: 20, lowest: { photo_id: photo, score: 9 } },
        },
      ],
      look_alikes: [{ people: [a, b], score: 7 }],
    });
  });

  it('is the caller’s own', async () => {
    const { secret } = await gateway.newKey();
    expect((await get('/v1/model/report', secret)).status).toBe(404);
    expect((await send(`${gateway.url}/v1/model/report`)).status).toBe(401);
  });
});

describe('The threshold of a key', () => {
  it('is changed without a training, and the model says what it comes to', async () => {
    const url = `${gateway.url}/v1/keys/${gateway.key.id}`;
    const headers = { ...bearer(gateway.adminToken), 'content-type': 'application/json' };
    const patch = (threshold: unknown) =>
      send<KeyResource>(url, { method: 'PATCH', headers, body: JSON.stringify({ threshold }) });
    expect((await send<KeyResource>(url, { headers })).body.threshold).toBe('strict');
    expect((await patch('balanced')).body).toMatchObject({ threshold: 'balanced', on_training: 'reject' });
    // Another secret of the same key: the gateway remembers a key for some seconds by the one it came with.
    const rotated = await send<{ secret: string }>(`${url}/rotate`, { method: 'POST', headers, body: '{}' });
    expect((await get<ModelResource>('/v1/model', rotated.body.secret)).body).toMatchObject({
      ...{ threshold: 4, threshold_setting: 'balanced', target_fpir: 0.05 },
      realised: { fpir: 0.04, tpir: 1 },
    });
    expect((await patch(7.5)).body.threshold).toBe(7.5);
    const again = await send<{ secret: string }>(`${url}/rotate`, { method: 'POST', headers, body: '{}' });
    expect((await get<ModelResource>('/v1/model', again.body.secret)).body).toMatchObject({
      ...{ threshold: 7.5, threshold_setting: 7.5, target_fpir: null, realised: null },
    });
  });
});
