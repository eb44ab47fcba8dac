import {
  keyListSchema,
  keyResourceSchema,
  keyWithSecretSchema,
  type Job,
  type KeyList,
  type KeyResource,
  type KeyWithSecret,
  type Problem,
} from '@facehash/contracts';
import { apiKeys } from '@facehash/storage';
import { describe, expect, it } from '@jest/globals';
import { startGateway } from '../testing/gateway-for-tests.js';
import { bearer, eventually, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway();

const admin = <T = Problem>(method: string, path: string, body?: unknown) => {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  return send<T>(`${gateway.url}/v1/keys${path}`, {
    method,
    headers: { ...bearer(gateway.adminToken), ...json },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
};

const create = async (body: object = {}) =>
  (await admin<KeyWithSecret>('POST', '', { name: 'front door', ...body })).body;

/** Of a request that needs no scope; 404 tells that the secret was accepted. */
const statusWith = async (secret: string) =>
  (await send(`${gateway.url}/v1/jobs/job_${'0'.repeat(32)}`, { headers: bearer(secret) })).status;

const ADDRESSES = [
  ['POST', ''],
  ['GET', ''],
  ['GET', `/key_${'0'.repeat(32)}`],
  ['PATCH', `/key_${'0'.repeat(32)}`],
  ['DELETE', `/key_${'0'.repeat(32)}`],
  ['POST', `/key_${'0'.repeat(32)}/rotate`],
] as const;

describe('the admin token', () => {
  it.each(ADDRESSES)('is needed for %s /v1/keys%s', async (method, path) => {
    const url = `${gateway.url}/v1/keys${path}`;
    for (const headers of [{}, bearer(`${gateway.adminToken}x`), bearer(`fh_${'A'.repeat(43)}`)]) {
      const { status, headers: got, body } = await send(url, { method, headers });
      expect([status, body.code, got.get('www-authenticate')]).toEqual([401, 'UNAUTHORIZED', 'Bearer']);
    }
    for (const headers of [bearer(gateway.secret), { 'x-api-key': gateway.secret }]) {
      const { status, body } = await send(url, { method, headers });
      expect([status, body.code]).toEqual([403, 'FORBIDDEN']);
    }
  });

  it('is no API key', async () => {
    expect(await statusWith(gateway.adminToken)).toBe(401);
  });
});

describe('POST /v1/keys', () => {
  it('makes a key that works and shows its secret', async () => {
    const { status, headers, body } = await admin<KeyWithSecret>('POST', '', { name: ' front door ' });
    expect([status, headers.get('location')]).toEqual([201, `/v1/keys/${body.id}`]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(keyWithSecretSchema.strict().parse(body)).toMatchObject({
      object: 'key',
      name: 'front door',
      scopes: ['recognize', 'train', 'read', 'webhooks'],
      expires_at: null,
      revoked_at: null,
    });
    expect(await statusWith(body.secret)).toBe(404);
  });

  it('takes scopes and an end, told in UTC', async () => {
    const key = await create({ scopes: ['read'], expires_at: '2099-01-01T01:00:00+01:00' });
    expect(key).toMatchObject({ scopes: ['read'], expires_at: '2099-01-01T00:00:00.000Z' });
  });

  it.each([
    ['no name', {}, /name/],
    ['an empty name', { name: ' ' }, /name/],
    ['a name that moves the cursor of a terminal', { name: 'a\u001b[2J' }, /name: expected no control/],
    ['an unknown field', { name: 'a', scope: 'read' }, /scope/],
    ['an unknown scope', { name: 'a', scopes: ['admin'] }, /scopes\.0/],
    ['no scope', { name: 'a', scopes: [] }, /scopes/],
    ['a scope twice', { name: 'a', scopes: ['read', 'read'] }, /each scope once/],
    [
      'an end in the past',
      { name: 'a', expires_at: '2020-01-01T00:00:00Z' },
      /expires_at: expected a time to/,
    ],
    ['an end that is no date', { name: 'a', expires_at: 'tomorrow' }, /expires_at/],
    ['photos kept for a word', { name: 'a', retention: { photos_days: 'long' } }, /retention\.photos_days/],
    ['results kept for no time', { name: 'a', retention: { results_hours: 0 } }, /retention\.results_hours/],
    ['an unknown lifetime', { name: 'a', retention: { photo_days: 1 } }, /photo_days/],
    ['unknown features', { name: 'a', features: 'palms' }, /features/],
    ['another JSON', [], /expected object/],
    ['broken JSON', '{"name":', /JSON/],
    ['too much JSON', { name: 'a'.repeat(70_000) }, /too large/],
  ])('refuses %s', async (_what, body, detail) => {
    const { status, headers, body: problem } = await admin('POST', '', body);
    expect([status, problem.code]).toEqual([400, 'INVALID_REQUEST']);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(problem.detail).toMatch(detail);
  });

  it('refuses another type of body, and none', async () => {
    for (const init of [{ body: '{"name":"a"}' }, { body: new URLSearchParams({ name: 'a' }) }, {}]) {
      const headers = bearer(gateway.adminToken);
      const { status, body } = await send(`${gateway.url}/v1/keys`, { method: 'POST', headers, ...init });
      expect([status, body.code]).toEqual([400, 'INVALID_REQUEST']);
    }
  });
});

describe('GET /v1/keys', () => {
  it('lists every key without its secret, in pages by id', async () => {
    const { secret, ...key } = await create();
    const others = await Promise.all([create(), create(), create()]);
    const listed: KeyResource[] = [];
    let after = '';
    for (let page = 1; page <= 100; page++) {
      const { status, headers, body } = await admin<KeyList>('GET', `?limit=2${after}`);
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
      listed.push(...keyListSchema.strict().parse(body).data);
      expect(JSON.stringify(body)).not.toContain(secret);
      expect(body.has_more).toBe(body.next_cursor !== null);
      if (body.next_cursor === null) break;
      expect(body.data).toHaveLength(2);
      after = `&after=${body.next_cursor}`;
    }
    expect(listed).toContainEqual(key);
    const ids = listed.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids).toEqual(expect.arrayContaining([gateway.key.id, ...others.map(({ id }) => id)]));
    expect((await admin<KeyResource>('GET', `/${key.id}`)).body).toEqual(key);
  });

  it.each(['limit=0', 'limit=101', 'after=key_1', 'before=key_1'])('refuses ?%s', async (query) => {
    const { status, body } = await admin('GET', `?${query}`);
    expect([status, body.code]).toEqual([400, 'INVALID_REQUEST']);
  });

  it.each(ADDRESSES.slice(2))('does not know another id: %s %s', async (method, path) => {
    for (const id of [path, path.replace(/key_0+/, 'admin'), path.replace(/key_0+/, '..%2Fkeys%2Fadmin')]) {
      const change = method === 'PATCH' ? { on_training: 'queue' } : undefined;
      const { status, body } = await admin(method, id, change);
      expect([status, body.code]).toEqual([404, 'NOT_FOUND']);
    }
  });
});

describe('the lifetimes of a key', () => {
  it('are null, which is as the installation, unless they are given, and are changed one by one', async () => {
    const key = await create();
    expect(new Set(Object.values(key.retention))).toEqual(new Set([null]));
    const own = await create({ retention: { photos_days: 30 } });
    expect(own.retention).toEqual({ ...key.retention, photos_days: 30 });
    const patch = (body: object) => admin<KeyResource>('PATCH', `/${own.id}`, body);
    const changed = await patch({ retention: { results_hours: 1 } });
    expect(changed.body.retention).toEqual({ ...own.retention, results_hours: 1 });
    const back = await patch({ retention: { photos_days: null, results_hours: null } });
    expect(back.body.retention).toEqual(key.retention);
  });

  it.each([{ retention: {} }, { retention: { photos_days: -1 } }, { retention: null }])(
    'are not changed to %j',
    async (body) => {
      const key = await create();
      expect((await admin('PATCH', `/${key.id}`, body)).status).toBe(400);
    },
  );
});

describe('POST /v1/keys/{id}/rotate', () => {
  it('gives a new secret; the old one lives for a day unless told otherwise', async () => {
    const key = await create();
    const { status, body } = await admin<KeyWithSecret>('POST', `/${key.id}/rotate`);
    expect(status).toBe(200);
    expect(keyWithSecretSchema.strict().parse(body)).toMatchObject({ id: key.id, name: key.name });
    expect([await statusWith(key.secret), await statusWith(body.secret)]).toEqual([404, 404]);
    const [newest, old] = body.secrets;
    expect(Date.parse(old!.expires_at!) - Date.parse(newest!.created_at)).toBe(24 * 3600 * 1000);
  });

  it('ends the old secret at once where no grace is given', async () => {
    const key = await create();
    const { body } = await admin<KeyWithSecret>('POST', `/${key.id}/rotate`, { grace_seconds: 0 });
    expect([await statusWith(key.secret), await statusWith(body.secret)]).toEqual([401, 404]);
  });

  it.each([
    { grace_seconds: -1 },
    { grace_seconds: 31 * 24 * 3600 },
    { grace_seconds: '9' },
    { grace: 1 },
    '{',
  ])('refuses %j', async (body) => {
    const key = await create();
    expect((await admin('POST', `/${key.id}/rotate`, body)).status).toBe(400);
  });
});

describe('DELETE /v1/keys/{id}', () => {
  it('ends a key in use within 5 s at every gateway; its id stays known', async () => {
    const key = await create();
    const other = await startGateway(gateway.redisUrl, { folder: gateway.folder });
    const statuses = () =>
      Promise.all(
        [gateway, other].map(async ({ url }) => {
          const job = `${url}/v1/jobs/job_${'0'.repeat(32)}`;
          return (await send(job, { headers: bearer(key.secret) })).status;
        }),
      );
    expect(await statuses()).toEqual([404, 404]);

    const { status, body } = await admin<KeyResource>('DELETE', `/${key.id}`);
    const revokedAt = Date.now();
    expect([status, body.revoked_at, body.secrets]).toEqual([200, expect.any(String), []]);
    await eventually(async () => (await statuses()).every((each) => each === 401));
    // What was remembered just before is forgotten at 5 s; the rest is the time of the requests.
    expect(Date.now() - revokedAt).toBeLessThan(5500);
    await other.close();

    expect(keyResourceSchema.strict().parse((await admin('GET', `/${key.id}`)).body)).toEqual(body);
    expect((await admin('DELETE', `/${key.id}`)).body).toEqual(body);
    expect((await admin('POST', `/${key.id}/rotate`)).body).toMatchObject({ status: 404 });
  });
});

describe('a key', () => {
  it('ends when it expires, also where it is remembered', async () => {
    const expiresAt = new Date(Date.now() + 800);
    const { secret } = await apiKeys(gateway.storage).create({ name: 'a', now: new Date(), expiresAt });
    expect(await statusWith(secret)).toBe(404);
    await eventually(async () => (await statusWith(secret)) === 401);
    expect(Date.now() - expiresAt.getTime()).toBeLessThan(1000);
  });

  it.each([
    ['POST', '/v1/recognize', 'recognize'],
    ['POST', '/v1/train', 'train'],
    ['GET', '/v1/jobs', 'read'],
    ['GET', '/v1/subjects', 'read'],
    ['GET', '/v1/subjects/Ada', 'read'],
    ['PUT', '/v1/subjects/Ada', 'train'],
    ['GET', '/v1/model', 'read'],
  ])('needs for %s %s the scope %s', async (method, path, scope) => {
    const others = ['recognize', 'train', 'read'].filter((other) => other !== scope);
    const [without, withIt] = await Promise.all([create({ scopes: others }), create({ scopes: [scope] })]);
    const url = `${gateway.url}${path}`;
    const { status, body } = await send(url, { method, headers: bearer(without.secret) });
    expect([status, body.code, body.required_scope]).toEqual([403, 'FORBIDDEN', scope]);
    expect((await send(url, { method, headers: bearer(withIt.secret) })).status).not.toBe(403);
  });
});

describe('a key that may not send a job', () => {
  it('may read it by its id, but neither cancel nor delete it', async () => {
    const { id, secret } = await create({ scopes: ['train'] });
    const sent = await send<Job>(`${gateway.url}/v1/train`, { method: 'POST', headers: bearer(secret) });
    expect(sent.status).toBe(202);
    // The same key, which has lost the scope since.
    const key = await apiKeys(gateway.storage).get(id);
    const changed = JSON.stringify({ ...key, scopes: ['read'] });
    await gateway.storage.put(`keys/${id}.json`, Buffer.from(changed));
    const { secret: reader } = await apiKeys(gateway.storage).rotate(id, {
      now: new Date(),
      graceSeconds: 0,
    });

    const url = `${gateway.url}${sent.body.urls.self}`;
    const requests = [
      ['GET', url],
      ['POST', `${url}/cancel`],
      ['DELETE', url],
    ] as const;
    const statuses = await Promise.all(
      requests.map(async ([method, to]) => (await send(to, { method, headers: bearer(reader) })).status),
    );
    expect(statuses).toEqual([200, 403, 403]);
  });
});

describe('every address of keys', () => {
  it.each([
    ['PUT', '', 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/key_1', 'GET, HEAD, PATCH, DELETE, OPTIONS'],
    ['GET', '/key_1/rotate', 'POST, OPTIONS'],
  ])('refuses %s /v1/keys%s and tells what it takes', async (method, path, allow) => {
    const { status, headers, body } = await admin(method, path);
    expect([status, headers.get('allow'), body.code]).toEqual([405, allow, 'METHOD_NOT_ALLOWED']);
  });

  it('shows no secret in the log', async () => {
    const { id, secret } = await create();
    await admin('DELETE', `/${id}`);
    await eventually(() => gateway.logLines.some((line) => line.includes(id)));
    expect(gateway.logLines.join('')).not.toContain(gateway.adminToken);
    expect(gateway.logLines.join('')).not.toContain(secret);
  });
});
