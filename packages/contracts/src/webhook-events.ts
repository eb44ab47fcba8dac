import { z } from 'zod';
import type { Job, JobType } from './job.js';

/** What an event calls a job of this type. */
const NOUNS = {
  recognize: 'recognition',
  detect: 'detection',
  verify: 'verification',
  train: 'training',
  enrol: 'enrolment',
  erase: 'erasure',
  import: 'import',
} as const satisfies Record<JobType, string>;

const OUTCOMES = ['succeeded', 'failed', 'canceled'] as const;

/** Another version of a key's model answers from now on. */
const MODEL_ACTIVATED = 'model.activated';

type JobEvent = `${(typeof NOUNS)[JobType]}.${(typeof OUTCOMES)[number]}`;
export type WebhookEventType = JobEvent | typeof MODEL_ACTIVATED;

const jobEvents = Object.values(NOUNS).flatMap((noun) =>
  OUTCOMES.map((outcome): JobEvent => `${noun}.${outcome}`),
);

/** What a webhook may be told of; a ping comes without being asked for. */
export const WEBHOOK_EVENTS: readonly [WebhookEventType, ...WebhookEventType[]] = [
  MODEL_ACTIVATED,
  ...jobEvents,
];

const timestamp = z.iso.datetime();

/**
 * The body of a webhook. Thin: it says what happened to which object, and whoever wants more asks with a key. Nothing in
 * it names or describes a person, so it may lie in the logs of whatever it passes.
 */
export const webhookEventSchema = z.object({
  type: z.enum([...WEBHOOK_EVENTS, 'webhook.ping']),
  timestamp,
  data: z.discriminatedUnion('object', [
    z.object({
      id: z.string(),
      object: z.literal('job'),
      type: z.string(),
      status: z.string(),
      /** Where the result is, without scheme and host: a gateway does not know by which name it is reached. */
      url: z.string(),
    }),
    z.object({ id: z.string(), object: z.literal('model'), job: z.string(), url: z.string() }),
    z.object({ id: z.string(), object: z.literal('webhook'), url: z.string() }),
  ]),
});

export type WebhookEvent = z.infer<typeof webhookEventSchema>;

/** What the end of a job is told as; nothing before its end. */
export function eventsOf({ id, type, status, completed_at, model, urls }: Job): WebhookEvent[] {
  const outcome = OUTCOMES.find((one) => one === status);
  if (outcome === undefined || completed_at === null) return [];
  const event: WebhookEvent = {
    type: `${NOUNS[type]}.${outcome}`,
    timestamp: completed_at,
    data: { id, object: 'job', type, status, url: urls.self },
  };
  const changesModel = type === 'train' || type === 'erase' || type === 'import';
  if (!changesModel || outcome !== 'succeeded' || model === null) return [event];
  const data = { id: model.version, object: 'model', job: id, url: '/v1/model' } as const;
  return [event, { type: MODEL_ACTIVATED, timestamp: completed_at, data }];
}

export function pingOf(webhookId: string, now: Date): WebhookEvent {
  const data = { id: webhookId, object: 'webhook', url: `/v1/webhooks/${webhookId}` } as const;
  return { type: 'webhook.ping', timestamp: now.toISOString(), data };
}
