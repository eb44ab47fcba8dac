export {
  JOB_CATALOGUE,
  JOB_NAMES,
  type Answer,
  type ImageJobName,
  type JobName,
  type Payload,
  type Result,
} from './catalogue.js';
export { connectRedis, requireRedis, serversOf, type Redis } from './connection.js';
export { describeRedisUrl } from './redis-url.js';
export { prefixOn } from './redis-keys.js';
export { createJobClient, type Admission, type JobClient } from './client.js';
export { startConsumer, type Consumer } from './consumer.js';
export { startChores, type Chores } from './chores.js';
export { createHousekeeping, type Housekeeping } from './housekeeping.js';
export { announceProcess, listProcesses } from './processes.js';
export { onModelsGone } from './models-gone.js';
export { RECORD_TTL_MS } from './records.js';
export type { JobContext, JobHandler, JobHandlers } from './delivery.js';
export type { JobLogger } from './logger.js';
export type { JobObserver } from './job-observer.js';
export type { JobRecord } from './record-fields.js';
export { OutOfTurn } from './out-of-turn.js';
export type { Trainings } from './trainings.js';
export type { StoredDelivery } from './webhooks/deliveries.js';
export type { AttemptOutcome, WebhookObserver } from './webhooks/delivering.js';
export { startWebhooks, type RunningWebhooks, type WebhookSender } from './webhooks/start-webhooks.js';
export type { WebhookClient } from './webhooks/webhook-client.js';
