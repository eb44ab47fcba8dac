import { describe, expect, it } from '@jest/globals';
import { newId, newSigningSecrets, rotateSigningSecrets, type Webhook } from '@facehash/contracts';
import type { ObjectStorage } from '../object-storage.js';
import { temporaryStorage } from '../testing/temporary-storage.js';
import { webhooks } from './webhooks.js';

const now = new Date(Date.UTC(2026, 0, 1));
const webhook = (url: string, second = 0): Webhook => ({
  ...{ id: newId('webhook'), url, events: null, description: '', disabled: null },
  createdAt: new Date(now.getTime() + second * 1000).toISOString(),
  secrets: newSigningSecrets(now),
});

describe('webhooks', () => {
  let storage: ObjectStorage;
  temporaryStorage((opened) => void (storage = opened));

  it("are listed oldest first, each key's own", async () => {
    const [mine, other] = [newId('key'), newId('key')];
    const [late, early] = [webhook('https://late.example', 2), webhook('https://early.example', 1)];
    for (const one of [late, early]) await webhooks(storage, mine).put(one);
    await webhooks(storage, mine).signingSecrets(now);
    expect(await webhooks(storage, mine).list()).toEqual([early, late]);
    expect(await webhooks(storage, other).list()).toEqual([]);
    expect(await webhooks(storage, other).get(late.id)).toBeUndefined();
  });

  it('are gone once deleted, also twice', async () => {
    const of = webhooks(storage, newId('key'));
    const one = webhook('https://example.org');
    await of.put(one);
    for (let times = 0; times < 2; times++) await of.delete(one.id);
    expect(await of.get(one.id)).toBeUndefined();
  });

  it('look nowhere for what is no id', async () => {
    expect(await webhooks(storage, newId('key')).get('../webhook-secrets')).toBeUndefined();
  });

  it("make a key's own secret once, and keep what it is rotated to", async () => {
    const of = webhooks(storage, newId('key'));
    const first = await of.signingSecrets(now);
    expect(await of.signingSecrets(now)).toEqual(first);
    const rotated = rotateSigningSecrets(first, { now, graceSeconds: 60 });
    await of.putSigningSecrets(rotated);
    expect(await of.signingSecrets(now)).toEqual(rotated);
  });
});
