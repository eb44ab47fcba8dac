import { endOf, liveSecrets, wants, type Webhook, type WebhookEvent } from '@facehash/contracts';
import type { AttemptOutcome, JobClient, StoredDelivery, WebhookSender } from '@facehash/jobs';
import { apiKeys, webhooks, type ObjectStorage } from '@facehash/storage';
import type { Logger } from 'pino';
import { shortCache } from '../authentication/short-cache.js';
import type { PostWebhook } from './post-webhook.js';
import { signatureHeaders } from './sign.js';

/** What a key's webhooks are is asked at every end of a job, so it is remembered until they change. */
const REMEMBERED_MS = 60_000;
const REMEMBERED_KEYS = 1000;

/** Gone for good, by the standard. */
const GONE = 410;

/** Where deliveries go, under whose signature, and what their failure means for the webhook. */
export function createWebhookSender({
  storage,
  jobs,
  post,
  logger,
}: {
  readonly storage: ObjectStorage;
  readonly jobs: Pick<JobClient, 'get' | 'webhooks'>;
  readonly post: PostWebhook;
  readonly logger: Logger;
}): WebhookSender {
  const listed = shortCache(
    async (keyAndVersion) => {
      const [keyId = ''] = keyAndVersion.split(' ');
      return webhooks(storage, keyId).list();
    },
    { ttlMs: REMEMBERED_MS, maxEntries: REMEMBERED_KEYS },
  );

  const disable = async (
    { keyId, delivery }: StoredDelivery,
    reason: NonNullable<Webhook['disabled']>['reason'],
  ): Promise<void> => {
    const of = webhooks(storage, keyId);
    const webhook = await of.get(delivery.webhook_id ?? '');
    if (webhook?.disabled !== null) return;
    await of.put({ ...webhook, disabled: { at: new Date().toISOString(), reason } });
    await jobs.webhooks.changed(keyId);
    logger.warn({ key_id: keyId, webhook_id: webhook.id, reason }, 'a webhook was disabled');
  };

  /** Where it goes now, or why it goes nowhere. */
  const targetOf = async ({
    keyId,
    delivery,
  }: StoredDelivery): Promise<Pick<Webhook, 'url' | 'secrets'> | string> => {
    const key = await apiKeys(storage).get(keyId);
    if (key === undefined) return 'the key was deleted';
    const end = endOf(key, new Date());
    if (end !== undefined) return `the key is not live: ${end}`;
    if (delivery.webhook_id === null) {
      // In the job's record and nowhere else: an address of the caller's may name a person, and goes when the job goes.
      const own = (await jobs.get(jobOf(delivery.event)))?.webhook;
      if (own == null) return 'the job, and with it the address of its webhook, is gone';
      return { url: own.url, secrets: await webhooks(storage, keyId).signingSecrets(new Date()) };
    }
    const webhook = await webhooks(storage, keyId).get(delivery.webhook_id);
    if (webhook === undefined) return 'the webhook was deleted';
    return webhook.disabled === null ? webhook : `the webhook is disabled: ${webhook.disabled.reason}`;
  };

  /** Of those that are still on record, that is of the last 24 h. */
  const anySucceeded = async ({ keyId, delivery }: StoredDelivery): Promise<boolean> => {
    if (delivery.webhook_id === null) return false;
    const query = { limit: 1, status: 'succeeded', webhookId: delivery.webhook_id } as const;
    return (await jobs.webhooks.list(keyId, query)).items.length > 0;
  };

  return {
    async subscribersOf(keyId, type) {
      const all = await listed(`${keyId} ${await jobs.webhooks.version(keyId)}`);
      return all.filter((one) => one.disabled === null && wants(one, type)).map(({ id }) => id);
    },

    async attempt(stored): Promise<AttemptOutcome> {
      const target = await targetOf(stored);
      if (typeof target === 'string') return { kind: 'canceled', reason: target };
      const { id, event } = stored.delivery;
      const now = new Date();
      const body = JSON.stringify(event);
      const headers = signatureHeaders({ id, body, secrets: liveSecrets(target.secrets, now), now });
      const { retryAfterMs, ...attempt } = await post(target.url, { headers, body });
      if (attempt.error === null) return { kind: 'succeeded', attempt };
      if (attempt.status !== GONE) return { kind: 'failed', attempt, retryAfterMs };
      await disable(stored, 'gone');
      return { kind: 'refused', attempt, reason: 'the receiver answered 410: it wants no more of this' };
    },

    gaveUp: async (stored) => {
      // One event that its receiver cannot digest must not end the others.
      if (!(await anySucceeded(stored))) await disable(stored, 'failing');
    },
  };
}

const jobOf = ({ data }: WebhookEvent): string => (data.object === 'model' ? data.job : data.id);
