import type { DeliveryAttempt } from '@facehash/contracts';
import type { JobLogger } from '../logger.js';
import type { Deliveries, StoredDelivery } from './deliveries.js';
import { nextAttemptMs } from './schedule.js';

/** What an attempt came to, as whoever made it says. */
export type AttemptOutcome =
  | { readonly kind: 'succeeded'; readonly attempt: DeliveryAttempt }
  /** May be tried again, not before `retryAfterMs`. */
  | { readonly kind: 'failed'; readonly attempt: DeliveryAttempt; readonly retryAfterMs?: number }
  /** The receiver wants no more of this, now or later. */
  | { readonly kind: 'refused'; readonly attempt: DeliveryAttempt; readonly reason: string }
  /** There is nobody to send it to any more. */
  | { readonly kind: 'canceled'; readonly reason: string };

export interface WebhookObserver {
  /** One attempt, whose request was sent or could not be. */
  attempted(outcome: 'succeeded' | 'failed', ms: number): void;
  /** A delivery that ended for good. */
  ended(outcome: 'succeeded' | 'failed' | 'canceled'): void;
}

export interface DeliveringOptions {
  readonly deliveries: Pick<Deliveries, 'read' | 'note'>;
  readonly attempt: (stored: StoredDelivery) => Promise<AttemptOutcome>;
  /** After the last attempt of the schedule has failed. */
  readonly gaveUp: (stored: StoredDelivery) => Promise<void>;
  readonly schedule: readonly number[];
  readonly logger: JobLogger;
  readonly observer?: WebhookObserver | undefined;
}

/** One attempt at a delivery, and what follows from it. @returns ms until the next one; undefined when there is none */
export async function deliverOnce(
  deliveryId: string,
  { deliveries, attempt, gaveUp, schedule, logger, observer }: DeliveringOptions,
): Promise<number | undefined> {
  const stored = await deliveries.read(deliveryId);
  // Ended by another gateway that was slow to say so, or expired.
  if (stored?.delivery.status !== 'pending') return undefined;
  const outcome = await attempt(stored);
  const log = {
    ...{ delivery_id: deliveryId, webhook_id: stored.delivery.webhook_id, key_id: stored.keyId },
    attempt: stored.delivery.attempts.length + 1,
  };

  if (outcome.kind === 'canceled') {
    await deliveries.note(deliveryId, { attempt: null, status: 'canceled', reason: outcome.reason });
    logger.info({ ...log, reason: outcome.reason }, 'a webhook delivery was canceled');
    observer?.ended('canceled');
    return undefined;
  }
  const made = outcome.attempt;
  observer?.attempted(outcome.kind === 'succeeded' ? 'succeeded' : 'failed', made.duration_ms);
  if (outcome.kind === 'succeeded') {
    await deliveries.note(deliveryId, { attempt: made, status: 'succeeded' });
    observer?.ended('succeeded');
    return undefined;
  }
  const next =
    outcome.kind === 'failed' ? nextAttemptMs(schedule, stored.tries + 1, outcome.retryAfterMs) : undefined;
  if (next !== undefined) {
    await deliveries.note(deliveryId, { attempt: made, status: 'pending', nextAttemptMs: next });
    return next;
  }
  const reason = outcome.kind === 'refused' ? outcome.reason : 'the last attempt of the schedule failed';
  await deliveries.note(deliveryId, { attempt: made, status: 'failed', reason });
  logger.warn(
    { ...log, status: made.status, error: made.error, reason },
    'a webhook delivery failed for good',
  );
  observer?.ended('failed');
  if (outcome.kind === 'failed') await gaveUp(stored);
  return undefined;
}
