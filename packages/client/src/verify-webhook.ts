import type { WebhookEvent } from '@facehash/contracts';

export interface VerifyWebhookOptions {
  /** How far the sender's clock and delays may be off, seconds; older deliveries could be repeats by somebody else. */
  readonly toleranceS?: number;
  readonly now?: Date;
}

type HeadersLike = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Standard Webhooks 1.0 proposes five minutes. */
const TOLERANCE_S = 300;

/**
 * The event of a webhook that came from the server and not from somebody else. `webhook-id` is the same at every attempt:
 * remember it to act once.
 * @param body as it came, before any parsing: the signature is over the bytes
 * @param secrets `whsec_…` of the webhook; during a rotation both
 * @throws Error that says what is wrong; answer 400 then
 */
export async function verifyWebhook(
  body: string | Uint8Array,
  headers: HeadersLike,
  secrets: string | readonly string[],
  { toleranceS = TOLERANCE_S, now = new Date() }: VerifyWebhookOptions = {},
): Promise<WebhookEvent> {
  const id = header(headers, 'webhook-id');
  const timestamp = header(headers, 'webhook-timestamp');
  const signatures = header(headers, 'webhook-signature').split(' ').flatMap(bytesOfV1);

  const age = Math.abs(now.getTime() / 1000 - Number(timestamp));
  // Written so that NaN is refused as well.
  if (!(age <= toleranceS))
    throw new Error(`webhook-timestamp is ${timestamp}, more than ${toleranceS} s off.`);

  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${text}`);
  for (const secret of [secrets].flat()) {
    const key = await importSecret(secret);
    for (const signature of signatures) {
      // Takes the same time wherever the first wrong byte is.
      if (await crypto.subtle.verify('HMAC', key, signature, signed)) return JSON.parse(text) as WebhookEvent;
    }
  }
  throw new Error('No signature in webhook-signature fits the body and one of the secrets.');
}

function header(headers: HeadersLike, name: string): string {
  const value =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`The header ${name} is missing; is this a webhook?`);
}

/** `v1,` and base64; other versions are another algorithm's. */
function bytesOfV1(signature: string): Uint8Array<ArrayBuffer>[] {
  const [version, encoded = ''] = signature.split(',');
  if (version !== 'v1') return [];
  try {
    return [fromBase64(encoded)];
  } catch {
    return [];
  }
}

const SECRET_PREFIX = 'whsec_';

function importSecret(secret: string) {
  if (!secret.startsWith(SECRET_PREFIX)) throw new Error('Expected a secret that begins with whsec_.');
  const bytes = fromBase64(secret.slice(SECRET_PREFIX.length));
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
