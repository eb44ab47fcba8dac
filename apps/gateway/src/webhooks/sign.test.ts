import { describe, expect, it } from '@jest/globals';
import { newSigningSecrets } from '@facehash/contracts';
import { Webhook } from 'standardwebhooks';
import { signatureHeaders } from './sign.js';

const now = new Date();
const body = JSON.stringify({ type: 'webhook.ping', text: 'Zoë' });
const [one, other] = [newSigningSecrets(now)[0]!.secret, newSigningSecrets(now)[0]!.secret];
const signedBy = (...secrets: string[]) => signatureHeaders({ id: 'msg_1', body, secrets, now });

describe('A signature', () => {
  it("is verified by the standard's own package", () => {
    expect(new Webhook(one).verify(body, signedBy(one))).toEqual(JSON.parse(body));
  });

  it('fits no other body and no other secret', () => {
    expect(() => new Webhook(one).verify(`${body} `, signedBy(one))).toThrow();
    expect(() => new Webhook(other).verify(body, signedBy(one))).toThrow();
  });

  it('of two secrets is verified by whoever has one of them', () => {
    const headers = signedBy(one, other);
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    for (const secret of [one, other]) expect(new Webhook(secret).verify(body, headers)).toBeTruthy();
  });

  it("is that of the standard's example", () => {
    // Standard Webhooks 1.0.0, "Signature scheme", by the test vector of its libraries.
    expect(
      signatureHeaders({
        id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        body: '{"test": 2432232314}',
        secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
        now: new Date(1614265330 * 1000),
      })['webhook-signature'],
    ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
});
