import { strict as assert } from 'node:assert';
import {
  KEY_SCOPES,
  keyResourceSchema,
  keyWithSecretSchema,
  subjectListSchema,
  type KeyScope,
} from '@facehash/contracts';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyAs, refusal, type Caller } from '../caller.js';
import { command, type KeyCommand } from '../command.js';

/** A revoked secret opens nothing more within five seconds, everywhere. */
const REVOKED_WITHIN_MS = 5_000;

const rotate = (graceSeconds: number): KeyCommand =>
  command(`rotate the secret, ${graceSeconds} s of grace`, async (_model, caller) => {
    const old = caller.secret;
    const path = `/v1/keys/${caller.keyId}/rotate`;
    const answer = await caller.askAsAdmin('POST', path, { json: { grace_seconds: graceSeconds } });
    caller.secret = bodyAs(answer, keyWithSecretSchema).secret;
    caller.isolation.own(caller.name, caller.secret);
    const before = { ...caller, secret: old };
    if (graceSeconds === 0) caller.meanwhile(stopsWorking(before));
    else bodyAs(await before.ask('GET', `/v1/subjects`), subjectListSchema);
    bodyAs(await caller.ask('GET', '/v1/subjects'), subjectListSchema);
  });

/** What each scope allows, by a request that changes nothing. */
const PROBES: Partial<Record<KeyScope, readonly [method: string, path: string, codes: readonly string[]]>> = {
  read: ['GET', '/v1/subjects', []],
  recognize: ['POST', '/v1/recognize', ['MISSING_FILE', 'INVALID_REQUEST']],
  train: ['PUT', '/v1/subjects/nobody', ['INVALID_REQUEST', 'NOT_FOUND']],
};

/** A key of its own that lives for this command. */
const scopedKey = (scopes: KeyScope[]): KeyCommand =>
  command(`a key for ${scopes.join(' and ')}`, async (_model, caller) => {
    const name = 'short-lived';
    const created = await caller.askAsAdmin('POST', '/v1/keys', { json: { name, scopes } });
    const { id, secret } = bodyAs(created, keyWithSecretSchema);
    const stranger: Caller = { ...caller, secret };
    for (const [scope, [method, path, codes]] of Object.entries(PROBES)) {
      // Asked under our name: no answer may tell what is another's, and this key has nothing of its own.
      const answer = await stranger.ask(method, path);
      if (!scopes.includes(scope as KeyScope)) refusal(answer, 'FORBIDDEN');
      else if (codes.length === 0) assert.deepEqual(bodyAs(answer, subjectListSchema).data, []);
      else refusal(answer, ...codes);
    }
    const revoked = bodyAs(await caller.askAsAdmin('DELETE', `/v1/keys/${id}`), keyResourceSchema);
    assert(revoked.revoked_at !== null);
    caller.meanwhile(stopsWorking(stranger));
  });

export async function stopsWorking(caller: Caller): Promise<void> {
  const deadline = Date.now() + REVOKED_WITHIN_MS;
  for (;;) {
    const answer = await caller.ask('GET', '/v1/jobs/job_none');
    if (answer.status === 401) return;
    assert(Date.now() < deadline, `a revoked secret still works after ${REVOKED_WITHIN_MS} ms`);
    await sleep(200);
  }
}

const withoutKey = command('ask without a key', async (_model, caller) => {
  for (const secret of ['', 'fh_not-a-secret']) {
    refusal(await { ...caller, secret }.ask('GET', '/v1/model'), 'UNAUTHORIZED');
    refusal(await { ...caller, secret }.ask('GET', '/v1/keys'), 'UNAUTHORIZED');
  }
  refusal(await caller.ask('GET', '/v1/keys'), 'FORBIDDEN');
});

export const keyCommands: fc.Arbitrary<KeyCommand>[] = [
  fc.constantFrom(0, 60).map(rotate),
  fc.subarray([...KEY_SCOPES], { minLength: 1 }).map(scopedKey),
  fc.constant(withoutKey),
];
