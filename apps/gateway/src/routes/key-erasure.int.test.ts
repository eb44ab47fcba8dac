import { describe, expect, it } from '@jest/globals';
import { newId, type KeyErasure, type Problem } from '@facehash/contracts';
import { apiKeys } from '@facehash/storage';
import { bearer, send } from '../testing/requests.js';
import { useGateway } from '../testing/use-gateway.js';

const gateway = useGateway();
const erase = <T = Problem>(id: string, body: object, secret = gateway.adminToken) =>
  send<T>(`${gateway.url}/v1/keys/${id}/erase`, {
    method: 'POST',
    headers: { ...bearer(secret), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const erasureOf = <T = Problem>(id: string, secret = gateway.adminToken) =>
  send<T>(`${gateway.url}/v1/keys/${id}/erasure`, { headers: bearer(secret) });

describe('/v1/keys/{id}/erase', () => {
  it('revokes the key at once, refuses its jobs, and answers where the receipt will be', async () => {
    const { key } = await gateway.newKey();
    const { status, headers, body } = await erase<KeyErasure>(key.id, { confirm: key.id });
    expect([status, headers.get('location')]).toEqual([202, `/v1/keys/${key.id}/erasure`]);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect(body).toMatchObject({ key_id: key.id, status: 'pending', completed_at: null, erased: null });
    expect((await apiKeys(gateway.storage).get(key.id))?.revokedAt).not.toBeNull();
    const late = {
      jobId: newId('job'),
      keyId: key.id,
      requestId: 'req',
      uploadKey: 'uploads/x',
      maxFaces: 1,
    };
    await expect(gateway.jobs.submit('recognize', late)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect((await erasureOf<KeyErasure>(key.id)).body).toEqual(body);
    expect((await erase<KeyErasure>(key.id, { confirm: key.id })).body).toEqual(body);
  });

  it('deletes nothing unless the key is named twice by whoever holds the admin token', async () => {
    const { key, secret } = await gateway.newKey();
    const other = await gateway.newKey();
    expect((await erase(key.id, {})).body.code).toBe('INVALID_REQUEST');
    expect((await erase(key.id, { confirm: other.key.id })).body.code).toBe('INVALID_REQUEST');
    expect((await erase(key.id, { confirm: key.id }, secret)).body.code).toBe('FORBIDDEN');
    expect((await erasureOf(key.id, secret)).body.code).toBe('FORBIDDEN');
    expect(await apiKeys(gateway.storage).findBySecret(secret)).toBeDefined();
    expect((await erasureOf(key.id)).body.code).toBe('NOT_FOUND');
  });

  it('knows no other key', async () => {
    const unknown = newId('key');
    expect((await erase(unknown, { confirm: unknown })).body.code).toBe('NOT_FOUND');
    expect((await erasureOf(unknown)).body.code).toBe('NOT_FOUND');
    expect((await erasureOf('..%2Fadmin')).body.code).toBe('NOT_FOUND');
  });
});
