import { createHmac } from 'node:crypto';

/**
 * The headers of Standard Webhooks 1.0.0: one signature a secret, for while one secret takes over from another both must
 * fit. Own lines and not the package `standardwebhooks`, which hashes in JavaScript: it is a few lines of Node's own HMAC,
 * and a test in which the package verifies what other code has signed proves more.
 */
export function signatureHeaders({
  id,
  body,
  secrets,
  now,
}: {
  readonly id: string;
  readonly body: string;
  readonly secrets: readonly string[];
  readonly now: Date;
}): Record<`webhook-${'id' | 'timestamp' | 'signature'}`, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
