import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { keyErasureSchema, type KeyErasure } from '@facehash/contracts';
import { asBytes, everythingKept } from '../e2e/everything.js';
import type { Service } from '../e2e/start-service.js';
import { bodyAs, type Caller } from './caller.js';
import { stopsWorking } from './commands/keys.js';
import type { KeyModel } from './key-model.js';

/** The deletion waits until every gateway knows that the key is revoked. */
const ERASED_WITHIN_MS = 60_000;

/** @throws AssertionError when the receipt is wrong, the secret opens anything or something of the key is left */
export async function eraseKey(service: Service, model: KeyModel, caller: Caller): Promise<void> {
  const { keyId } = caller;
  const path = `/v1/keys/${keyId}`;
  const asked = await caller.askAsAdmin('POST', `${path}/erase`, { json: { confirm: keyId } });
  let receipt: KeyErasure = bodyAs(asked, keyErasureSchema);
  await stopsWorking(caller);
  const deadline = Date.now() + ERASED_WITHIN_MS;
  while (receipt.status !== 'done' && Date.now() < deadline) {
    await sleep(500);
    receipt = bodyAs(await caller.askAsAdmin('GET', `${path}/erasure`), keyErasureSchema);
  }
  assert.equal(receipt.status, 'done', JSON.stringify(receipt));
  const people = [...model.people.values()];
  const photos = people.reduce((sum, one) => sum + one.photos, 0);
  const { erased } = receipt;
  assert.deepEqual([erased?.subjects, erased?.photos, erased?.uploads], [people.length, photos, 0]);
  assert.deepEqual(await left(service, model, caller), []);
}

/** What is left of the key besides its receipt, once nothing is under way. */
async function left({ storage, redis }: Service, model: KeyModel, caller: Caller): Promise<string[]> {
  const ids = [...model.people.values()].map(({ id }) => id);
  // Not the ids of jobs, which BullMQ's streams of events hold for a while, and nobody can look up any more.
  const traces = [model.marker, caller.secret, ...ids].map(asBytes);
  for (let attempt = 0; ; attempt++) {
    const kept = await everythingKept(storage, redis.url);
    const lines = kept.split('\n');
    const found = traces.flatMap((trace) => lines.filter((line) => line.includes(trace)).slice(0, 3));
    for await (const key of storage.list('')) {
      if (key.includes(caller.keyId) && !key.startsWith('keys/erased/')) found.push(key);
    }
    if (found.length === 0 || attempt === 40) return found;
    await sleep(250);
  }
}
