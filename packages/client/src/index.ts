export {
  createClient,
  type AddPhotosOptions,
  type AuditRange,
  type Client,
  type DetectOptions,
  type JobFilter,
  type RecognizeOptions,
  type TrainOptions,
  type VerifyOptions,
} from './client.js';
export type { EnrolAllOptions, EnrolAllReport, PersonPhotos, PersonReport } from './enrol-all.js';
export { FaceHashError, toFaceHashError } from './facehash-error.js';
export type { JobEvent } from './job-events.js';
export type { JobHandle, WaitOptions } from './job-handle.js';
export type { AnyResult, EraseResult, Job, JobOf, JobProgress, RecognizeResult, TrainResult } from './job.js';
export type { KeyChange, Keys, NewKey, RotateKey } from './keys.js';
export type { DownloadOptions, ImportOptions, Models } from './models.js';
export type { Photo } from './photo.js';
export type { WhileTraining } from './retry-delay.js';
export type { CallOptions, ConnectionOptions } from './send.js';
export type { PhotoResource, Subjects } from './subjects.js';
export type { SubmitOptions } from './submit.js';
export { verifyWebhook, type VerifyWebhookOptions } from './verify-webhook.js';
export type { DeliveryFilter, NewWebhook, WebhookChange, Webhooks } from './webhooks.js';
