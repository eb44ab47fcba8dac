import { jobSchema, jobWebhookSchema, type Job, type JobWebhook } from '@facehash/contracts';

export interface JobRecord {
  readonly keyId: string;
  readonly requestId: string;
  /** As the caller sees it. */
  readonly job: Job;
  /** Milliseconds since anything happened to the job. */
  readonly idleMs: number;
  /** The one that came with its request. */
  readonly webhook: JobWebhook | null;
}

/** The record's hash, as Redis returns it, as a record; `now` is Redis' time in milliseconds. */
export function toRecord(jobId: string, flat: readonly string[], now: number): JobRecord {
  const fields = fieldsOf(flat);
  const requestId = fields.request_id ?? '';
  const error = fromJson(fields.error);
  const job: unknown = {
    id: jobId,
    object: 'job',
    type: fields.type,
    status: fields.status,
    created_at: isoTime(fields.created_at),
    started_at: isoTime(fields.started_at),
    completed_at: isoTime(fields.completed_at),
    expires_at: isoTime(fields.expires_at),
    progress: { percent: Number(fields.percent), stage: fields.stage },
    waiting_for: fields.status === 'queued' ? (fields.waiting_for ?? null) : null,
    model: fromJson(fields.model),
    result: fromJson(fields.result),
    error: error === null ? null : { ...error, request_id: requestId },
    metrics: {
      queue_ms: between(fields.created_at, fields.started_at),
      process_ms: between(fields.started_at, fields.completed_at),
    },
    // A job accepted before jobs had metadata has none.
    metadata: fromJson(fields.metadata) ?? {},
    urls: jobUrls(jobId),
  };
  return {
    keyId: fields.key_id ?? '',
    requestId,
    job: jobSchema.parse(job),
    idleMs: now - Number(fields.touched_at),
    webhook: jobWebhookSchema.nullable().parse(fromJson(fields.webhook)),
  };
}

const jobUrls = (jobId: string): Job['urls'] => {
  const self = `/v1/jobs/${jobId}`;
  return { self, cancel: `${self}/cancel`, events: `${self}/events` };
};

/** A hash as Redis returns it: field, value, field, value, … */
export function fieldsOf(flat: readonly string[]): Partial<Record<string, string>> {
  const fields: Partial<Record<string, string>> = {};
  for (let i = 0; i < flat.length; i += 2) fields[flat[i]!] = flat[i + 1]!;
  return fields;
}

export const isoTime = (ms: string | undefined): string | null =>
  ms === undefined ? null : new Date(Number(ms)).toISOString();

const between = (from: string | undefined, to: string | undefined): number | null =>
  from === undefined || to === undefined ? null : Number(to) - Number(from);

export const fromJson = (text: string | undefined): object | null =>
  text === undefined ? null : (JSON.parse(text) as object | null);
