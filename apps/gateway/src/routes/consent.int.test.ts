import { newId, type Job, type Problem, type SubjectResource } from '@facehash/contracts';
import { apiKeys, subjects } from '@facehash/storage';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { formOf, jpegOf } from '../testing/forms.js';
import { bearer, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';

const CONSENT = {
  basis: 'explicit_consent',
  text_version: '2026-11',
  obtained_at: '2026-11-24T10:00:00Z',
  evidence_ref: 'case 4711',
};

const gateway = useGateway();
let keyId: string;
let secret: string;
/** What the worker is told of the person. */
const received: unknown[] = [];

beforeAll(async () => {
  const own = { name: 'a', now: new Date(), requireConsent: true, onTraining: 'queue' } as const;
  const created = await apiKeys(gateway.storage).create(own);
  keyId = created.key.id;
  secret = created.secret;
  await gateway.startWorker({
    enrol: {
      run: ({ subject }) => {
        received.push(subject.consent);
        return Promise.reject(new Error('nothing else is asked of it'));
      },
    },
  });
});

const post = (path: string, fields: Record<string, string>, by = secret) => {
  const texts = Object.entries(fields);
  const body = formOf(...texts, ['photos', jpegOf(100)]);
  return send<Pick<Job, 'type'> & Pick<Problem, 'code' | 'detail'>>(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { ...bearer(by), prefer: 'wait=10' },
    body,
  });
};

const enrolled = async (label: string, consent?: typeof CONSENT) => {
  const subject = { id: newId('subject'), label, createdAt: new Date().toISOString() };
  await subjects(gateway.storage, keyId).put({ ...subject, ...(consent && { consent }) });
};

describe('a key that requires consent', () => {
  it('enrols nobody without, and leaves no photo behind', async () => {
    for (const [path, fields] of [
      ['/v1/train', { label: 'Ada' }],
      ['/v1/subjects/Ada/photos', {}],
      ['/v1/subjects/Ada/photos', { train: 'true' }],
    ] as const) {
      const { status, body } = await post(path, fields);
      expect([status, body.code]).toEqual([422, 'CONSENT_REQUIRED']);
    }
    expect(await gateway.uploads()).toEqual([]);
  });

  it('enrols who has given it with the request, and tells the worker', async () => {
    const { body } = await post('/v1/subjects/Bob/photos', { consent: JSON.stringify(CONSENT) });
    expect(body.type).toBe('enrol');
    expect(received).toContainEqual(CONSENT);
  });

  it('enrols who has it on record, and not who has none', async () => {
    await enrolled('Cem', CONSENT);
    await enrolled('Dot');
    expect((await post('/v1/subjects/Cem/photos', {})).body.type).toBe('enrol');
    expect((await post('/v1/subjects/Dot/photos', {})).body.code).toBe('CONSENT_REQUIRED');
  });

  it('takes no model with people who have none', async () => {
    const body = formOf(
      ['labels', '["Eve"]'],
      ['model', Buffer.from('504b0304'.padEnd(200, '0'), 'hex'), 'model.keras'],
    );
    const sent = { method: 'POST', headers: bearer(secret), body };
    const answer = await send(`${gateway.url}/v1/models`, sent);
    expect([answer.status, answer.body.code]).toEqual([422, 'CONSENT_REQUIRED']);
  });
});

describe('a record of consent', () => {
  it.each([
    ['no JSON', '{'],
    ['no basis', JSON.stringify({ ...CONSENT, basis: '' })],
    ['no time', JSON.stringify({ ...CONSENT, obtained_at: 'yesterday' })],
    ['more than is asked for', JSON.stringify({ ...CONSENT, photo: 'x' })],
  ])('is not %s', async (_what, consent) => {
    const { status, body } = await post('/v1/subjects/Bob/photos', { consent });
    expect([status, body.code]).toEqual([400, 'INVALID_REQUEST']);
    expect(body.detail).toMatch(/^consent/);
  });

  it('is shown with the person, recorded later and replaced, and stays when the name changes', async () => {
    await enrolled('Fay');
    const call = (path: string, change?: object) =>
      send<SubjectResource>(`${gateway.url}/v1/subjects/${path}`, {
        method: change === undefined ? 'GET' : 'PUT',
        headers: { ...bearer(secret), 'content-type': 'application/json' },
        ...(change === undefined ? {} : { body: JSON.stringify(change) }),
      });
    expect((await call('Fay')).body.consent).toBeNull();
    expect((await call('Fay', { consent: CONSENT })).body.consent).toEqual(CONSENT);
    expect((await call('Fay', { label: 'Fey' })).body.consent).toEqual(CONSENT);
    const newer = { basis: 'contract', text_version: '2027-01', obtained_at: CONSENT.obtained_at };
    await call('Fey', { consent: newer });
    expect((await call('Fey')).body.consent).toEqual(newer);
    expect((await call('Fey', { consent: null })).status).toBe(400);
  });

  it('is not asked for by other keys', async () => {
    const { body } = await post('/v1/subjects/Gus/photos', {}, gateway.secret);
    expect(body.type).toBe('enrol');
  });
});
