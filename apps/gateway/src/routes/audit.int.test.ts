import { auditListSchema, newId, type AuditEntry, type AuditList, type Job } from '@facehash/contracts';
import { apiKeys, auditLog } from '@facehash/storage';
import { documentedFetch } from '@facehash/testkit';
import { describe, expect, it } from '@jest/globals';
import { formOf, jpegOf } from '../testing/forms.js';
import { startGateway } from '../testing/gateway-for-tests.js';
import { bearer, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway();

const newKey = (audit: boolean) =>
  apiKeys(gateway.storage).create({ name: 'a', now: new Date(), audit, scopes: ['recognize', 'audit'] });

const ada = newId('subject');

async function logged(keyId: string, ...times: string[]): Promise<AuditEntry[]> {
  const entries = times.map((at, n): AuditEntry => ({
    ...{ id: newId('job'), object: 'audit_entry', type: 'recognize', at, request_id: 'req_1' },
    ...{ address: null, secret_created_at: null, model: 'mdl_1' },
    answers: [{ outcome: 'named', subject_id: n % 2 === 0 ? ada : null, score: 3, threshold: 2 }],
  }));
  for (const entry of entries) await auditLog(gateway.storage, keyId).append(entry);
  return entries;
}

const get = async (secret: string, query: string) =>
  auditListSchema.parse(
    (await send<AuditList>(`${gateway.url}/v1/audit${query}`, { headers: bearer(secret) })).body,
  );

describe('GET /v1/audit', () => {
  it('gives the days asked for page by page, about one person too', async () => {
    const { key, secret } = await newKey(true);
    const times = [1, 2, 3, 4, 5].map((day) => `2026-11-0${day}T10:00:00.000Z`);
    const entries = await logged(key.id, ...times);
    const first = await get(secret, '?from=2026-11-02&to=2026-11-04&limit=2');
    expect([first.data, first.has_more]).toEqual([entries.slice(1, 3), true]);
    const next = encodeURIComponent(first.next_cursor!);
    const last = await get(secret, `?from=2026-11-02&to=2026-11-04&limit=2&after=${next}`);
    expect(last).toEqual({ object: 'list', data: [entries[3]], has_more: false, next_cursor: null });
    const about = await get(secret, `?from=2026-11-01&to=2026-11-05&subject=${ada}`);
    expect(about.data).toEqual([entries[0], entries[2], entries[4]]);
  });

  it('gives today where no day is named, and the same as lines', async () => {
    const { key, secret } = await newKey(true);
    const entries = await logged(key.id, new Date().toISOString(), new Date().toISOString());
    expect((await get(secret, '')).data).toHaveLength(2);
    const download = await documentedFetch(`${gateway.url}/v1/audit/download?subject=${ada}`, {
      headers: bearer(secret),
    });
    expect(download.headers.get('content-type')).toMatch('application/x-ndjson');
    expect((await download.text()).trim().split('\n')).toEqual([JSON.stringify(entries[0])]);
  });

  it.each(['?from=2026-11-02&to=2026-11-01', '?from=today', '?after=x', '?subject=Ada'])(
    'refuses %s',
    async (query) => {
      const { secret } = await newKey(true);
      const { status } = await send(`${gateway.url}/v1/audit${query}`, { headers: bearer(secret) });
      expect(status).toBe(400);
    },
  );

  it('is read by keys with its scope, which no key has unless it is named, and by each its own alone', async () => {
    const { status, body } = await send(`${gateway.url}/v1/audit`, { headers: bearer(gateway.secret) });
    expect([status, body.required_scope]).toEqual([403, 'audit']);
    const [one, other] = [await newKey(true), await newKey(true)];
    await logged(one.key.id, new Date().toISOString());
    expect((await get(other.secret, '')).data).toEqual([]);
  });
});

describe('a recognition', () => {
  it.each([
    ['/v1/recognize', true],
    ['/v1/verify', true],
    ['/v1/recognize', false],
  ])('by %s tells the worker who asked where the key is audited: %s, %s', async (path, audit) => {
    const { key, secret } = await newKey(audit);
    const own = await startGateway(gateway.redisUrl, { folder: gateway.folder });
    await own.publishModel(key.id);
    const seen: unknown[] = [];
    const run = (payload: { askedBy?: unknown }): Promise<never> => {
      seen.push(payload.askedBy);
      return Promise.reject(new Error('nothing else is asked of it'));
    };
    await own.startWorker({ recognize: { run }, verify: { run } });
    const second = path === '/v1/verify' ? [['reference', jpegOf(100)] as const] : [];
    await send<Job>(`${own.url}${path}`, {
      method: 'POST',
      headers: { ...bearer(secret), prefer: 'wait=10' },
      body: formOf(['image', jpegOf(100)], ...second),
    });
    const askedBy = {
      address: expect.stringMatching(/127\.0\.0\.1$/),
      secretCreatedAt: key.secrets[0]!.createdAt,
    };
    expect(seen[0]).toEqual(audit ? askedBy : undefined);
    await own.close();
  });
});
