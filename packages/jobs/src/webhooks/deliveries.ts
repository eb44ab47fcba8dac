import {
  webhookDeliverySchema,
  type DeliveryAttempt,
  type DeliveryStatus,
  type WebhookDelivery,
  type WebhookEvent,
} from '@facehash/contracts';
import type { Redis } from '../connection.js';
import { createPagedList, type Page } from '../paged-list.js';
import { fieldsOf, fromJson, isoTime } from '../record-fields.js';
import { redisKeys } from '../redis-keys.js';
import * as scripts from './delivery-scripts.js';

export interface NewDelivery {
  readonly id: string;
  readonly keyId: string;
  /** null = the webhook in the job's own record. */
  readonly webhookId: string | null;
  readonly event: WebhookEvent;
}

export interface StoredDelivery {
  readonly keyId: string;
  /** Attempts since its schedule began, the last time it did. */
  readonly tries: number;
  /** As its owner sees it. */
  readonly delivery: WebhookDelivery;
}

interface DeliveryQuery {
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly after?: string | undefined;
  readonly status?: DeliveryStatus | undefined;
  readonly webhookId?: string | undefined;
}

/** What became of a delivery by an attempt, or without one. */
interface NotedAttempt {
  readonly attempt: DeliveryAttempt | null;
  readonly status: DeliveryStatus;
  readonly reason?: string;
  /** Only while it is pending. */
  readonly nextAttemptMs?: number;
}

/** Records of deliveries: ids, the thin body and how its attempts went; the queue holds the id only. */
export interface Deliveries {
  /** Leaves one of this id as it is. */
  create(delivery: NewDelivery): Promise<void>;
  readonly read: (deliveryId: string) => Promise<StoredDelivery | undefined>;
  note(deliveryId: string, noted: NotedAttempt): Promise<void>;
  /** Makes it pending again. → false when it is gone */
  resume(deliveryId: string): Promise<boolean>;
  readonly list: (keyId: string, query: DeliveryQuery) => Promise<Page<StoredDelivery>>;
}

/** As long as the record of the job it tells of. */
const ENDED_TTL_MS = 24 * 60 * 60 * 1000;
/** From its last attempt: longer than the longest pause, 24 h and its share of chance. */
const PENDING_TTL_MS = 4 * 24 * 60 * 60 * 1000;

export function createDeliveries(redis: Redis, prefix: string): Deliveries {
  const keys = redisKeys(prefix);
  const run = (script: string, id: string, ...args: (string | number)[]): Promise<unknown> =>
    redis.eval(script, 2, keys.delivery(id), keys.deliveriesOf(''), ...args);
  const read = async (id: string): Promise<StoredDelivery | undefined> => {
    const flat = (await run(scripts.READ_DELIVERY, id)) as string[];
    return flat.length === 0 ? undefined : toStored(id, flat);
  };
  const list = createPagedList<StoredDelivery>({
    redis,
    listOf: keys.deliveriesOf,
    records: keys.delivery(''),
    read,
    positionOf: ({ delivery }) => ({ createdAt: Date.parse(delivery.created_at), id: delivery.id }),
  });

  return {
    async create({ id, keyId, webhookId, event }) {
      const fields = ['key_id', keyId, 'webhook_id', webhookId ?? '', 'event', JSON.stringify(event)];
      const owned = [keys.delivery(id), keys.deliveriesOf(keyId)];
      const args = [PENDING_TTL_MS, id, keys.delivery('')];
      await redis.eval(scripts.CREATE_DELIVERY, 2, ...owned, ...args, ...fields);
    },
    read,
    async note(id, { attempt, status, reason = '', nextAttemptMs }) {
      const made = attempt === null ? '' : JSON.stringify(attempt);
      const ttl = status === 'pending' ? PENDING_TTL_MS : ENDED_TTL_MS;
      await run(scripts.NOTE_ATTEMPT, id, made, status, reason, nextAttemptMs ?? '', ttl);
    },
    async resume(id) {
      return (await run(scripts.RESUME_DELIVERY, id, PENDING_TTL_MS)) === 1;
    },
    list: (keyId, { limit, after, status, webhookId }) =>
      list(keyId, {
        ...{ limit, after },
        fields: { status, webhook_id: webhookId },
        matches: ({ delivery }) =>
          (status === undefined || delivery.status === status) &&
          (webhookId === undefined || delivery.webhook_id === webhookId),
      }),
  };
}

function toStored(id: string, flat: readonly string[]): StoredDelivery {
  const fields = fieldsOf(flat);
  const attempts = Array.from({ length: Number(fields.attempts) }, (_, at) => fields[`attempt:${at + 1}`]!);
  const delivery: unknown = {
    id,
    object: 'webhook_delivery',
    status: fields.status,
    event: fromJson(fields.event),
    webhook_id: textOrNull(fields.webhook_id),
    attempts: attempts.map(fromJson),
    next_attempt_at: isoTime(fields.next_attempt_at),
    reason: textOrNull(fields.reason),
    created_at: isoTime(fields.created_at),
    expires_at: isoTime(fields.expires_at),
  };
  return {
    keyId: fields.key_id ?? '',
    tries: Number(fields.tries),
    delivery: webhookDeliverySchema.parse(delivery),
  };
}

const textOrNull = (text: string | undefined): string | null =>
  text === undefined || text === '' ? null : text;
