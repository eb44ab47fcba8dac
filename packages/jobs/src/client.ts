import { AppError, type Job, type JobFields } from '@facehash/contracts';
import type { Redis } from './connection.js';
import { createIdempotency, type Idempotency } from './admission/idempotency.js';
import { createOpenJobs, type OpenJobs } from './admission/open-jobs.js';
import { createQueueWaits, type QueueWaits } from './admission/queue-waits.js';
import { createCancelling, type Cancelling } from './cancelling.js';
import { JOB_CATALOGUE, type ImageJobName, type Payload } from './catalogue.js';
import { openChoreQueue } from './chores.js';
import { createHousekeeping } from './housekeeping.js';
import { createListing, type JobPage, type ListQuery } from './listing.js';
import type { QueueDepth } from './queue-depths.js';
import { openQueues } from './queues.js';
import type { JobRecord } from './record-fields.js';
import { createJobRecords } from './records.js';
import { prefixOn, redisKeys } from './redis-keys.js';
import { redisMemory, type RedisMemory } from './redis-memory.js';
import { reportOutages } from './redis-outage.js';
import { createSettledRead } from './settle.js';
import { createTrainings, type Trainings } from './trainings.js';
import { createWaiting } from './waiting.js';
import { createWebhookClient, type WebhookClient } from './webhooks/webhook-client.js';
import { openWebhookQueue } from './webhooks/webhook-queue.js';

/** The gateway's side: jobs in, records out. Every method rejects with AppError UNAVAILABLE while Redis is away. */
export interface JobClient extends Cancelling {
  submit<N extends ImageJobName>(name: N, payload: Payload<N>, fields?: JobFields): Promise<Job>;
  /**
   * Extracts in parallel, then trains. The caller has acquired the key's training lock for this job.
   * @throws AppError TRAINING_IN_PROGRESS when the lock was lost meanwhile
   */
  submitTraining(
    train: Payload<'train'>,
    extracts: readonly Payload<'extract'>[],
    fields?: JobFields,
  ): Promise<Job>;
  /** As `submitTraining` for a job without the lock: its last step waits for its turn, and may be taken along by another. */
  submitWaitingTraining(
    train: Payload<'train'>,
    extracts: readonly Payload<'extract'>[],
    fields?: JobFields,
  ): Promise<Job>;
  /** Extracts in parallel and keeps the rows; the model stays. Needs no lock. */
  submitEnrolment(
    enrol: Payload<'enrol'>,
    extracts: readonly Payload<'extract'>[],
    fields?: JobFields,
  ): Promise<Job>;
  /** The caller has acquired the key's training lock for this job. @throws as `submitTraining` */
  submitErasure(payload: Payload<'erase'>): Promise<Job>;
  /** The caller has acquired the key's training lock for this job. @throws as `submitTraining` */
  submitImport(payload: Payload<'import'>, fields?: JobFields): Promise<Job>;
  get(jobId: string): Promise<JobRecord | undefined>;
  /** The record once the job has ended, else the latest one after `ms` or when `signal` aborts. */
  wait(jobId: string, ms: number, signal?: AbortSignal): Promise<JobRecord | undefined>;
  /** Calls `changed` at once and whenever the job may have changed, up to and with its end, or until `signal` aborts. */
  watch(jobId: string, changed: (record: JobRecord) => void, signal: AbortSignal): Promise<void>;
  /** A page of a key's jobs. @throws AppError INVALID_REQUEST when `after` is no cursor of this list */
  list(keyId: string, query: ListQuery): Promise<JobPage>;
  readonly trainings: Trainings;
  /** Cancels a key's jobs, refuses new ones, and has a worker erase all its data. Its erasure is on record already. */
  eraseKey(keyId: string): Promise<void>;
  readonly webhooks: WebhookClient;
  /** What is asked before a job is accepted. */
  readonly admission: Admission;
  /** For monitoring. */
  queueDepths(): Promise<QueueDepth[]>;
  redisMemory(): Promise<RedisMemory>;
  ping(): Promise<void>;
  /** Leaves the given connection open. */
  close(): Promise<void>;
}

export interface Admission {
  readonly idempotency: Idempotency;
  readonly openJobs: OpenJobs;
  readonly waits: Pick<QueueWaits, 'estimate'>;
}

export function createJobClient(o: { redis: Redis; prefix?: string }): JobClient {
  const { redis } = o;
  const prefix = prefixOn(redis, o.prefix);
  const records = createJobRecords(redis, prefix);
  const queues = openQueues(redis, prefix);
  const webhookQueue = openWebhookQueue(redis, prefix);
  const chores = openChoreQueue(redis, prefix);
  const housekeeping = createHousekeeping({ redis, prefix });
  const read = createSettledRead({ records, stateOf: queues.stateOf });
  const trainings = createTrainings({ redis, prefix, read });
  const waiting = createWaiting({ redis, channels: redisKeys(prefix), read });

  /**
   * The record is written and stands before the job is in the queue, so a worker always finds it. When the
   * second half fails the job ends at once; should even that fail, whoever reads the record settles it.
   */
  const enqueue = async (jobId: string, add: () => Promise<void>): Promise<Job> => {
    try {
      await add();
    } catch (error) {
      const lost = new AppError('JOB_LOST', 'The job could not be queued; send the request again.');
      await records.finish(jobId, { error: lost }).catch(() => undefined);
      throw error;
    }
    const record = await records.read(jobId);
    if (record === undefined) throw new AppError('JOB_LOST', 'The job vanished; send the request again.');
    return record.job;
  };

  /** @param begin what the job's turn needs, once its record stands and before anything of it is queued */
  const submitPhotos = async <N extends 'train' | 'enrol'>(
    name: N,
    input: Payload<N>,
    extracts: readonly Payload<'extract'>[],
    fields: JobFields | undefined,
    begin: (payload: Payload<N>) => Promise<void>,
  ): Promise<Job> => {
    const payload = JOB_CATALOGUE[name].schema.parse(input) as Payload<N>;
    const batches = extracts.map((extract) => JOB_CATALOGUE.extract.schema.parse(extract));
    const photos = batches.reduce((sum, batch) => sum + batch.photos.length, 0);
    const { jobId, keyId, requestId, resultsHours } = payload;
    const subjectId = payload.subject?.subjectId;
    await records.create({ type: name, jobId, keyId, requestId, fields, photos, subjectId, resultsHours });
    return enqueue(jobId, async () => {
      await begin(payload);
      await queues.addWithBatches(name, payload, batches);
    });
  };

  /** A job that stands alone and holds the key's training lock already. */
  const submitInTurn = async <N extends 'erase' | 'import'>(
    name: N,
    input: Payload<N>,
    fields?: JobFields,
  ): Promise<Job> => {
    const payload = JOB_CATALOGUE[name].schema.parse(input) as Payload<N>;
    const { jobId, keyId, requestId, resultsHours } = payload;
    await records.create({ type: name, jobId, keyId, requestId, fields, resultsHours });
    return enqueue(jobId, async () => {
      await trainings.accept(keyId, jobId);
      await trainings.announce(keyId, jobId);
      await queues.add(name, payload);
    });
  };

  return reportOutages<JobClient>({
    async submit(name, input, fields) {
      const payload = JOB_CATALOGUE[name].schema.parse(input) as Payload<typeof name>;
      const { jobId, keyId, requestId, resultsHours } = payload;
      const waitingFor = 'waitFor' in payload ? payload.waitFor?.at(-1) : undefined;
      await records.create({ type: name, jobId, keyId, requestId, fields, waitingFor, resultsHours });
      return enqueue(jobId, () => queues.add(name, payload));
    },
    submitTraining: (train, extracts, fields) =>
      submitPhotos('train', train, extracts, fields, async ({ keyId, jobId }) => {
        await trainings.accept(keyId, jobId);
        await trainings.announce(keyId, jobId);
      }),
    submitWaitingTraining: (train, extracts, fields) =>
      submitPhotos('train', train, extracts, fields, ({ keyId, jobId }) => trainings.announce(keyId, jobId)),
    submitEnrolment: (enrol, extracts, fields) =>
      submitPhotos('enrol', enrol, extracts, fields, () => Promise.resolve()),
    // Nothing of whom it deletes goes into its record, which stays when everything else has gone.
    submitErasure: (payload) => submitInTurn('erase', payload),
    submitImport: (payload, fields) => submitInTurn('import', payload, fields),
    get: read,
    wait: waiting.wait,
    watch: waiting.watch,
    ...createCancelling({ records, read, wait: waiting.wait, leaveQueue: queues.remove }),
    list: createListing({ redis, prefix, read }),
    trainings: reportOutages(trainings),
    async eraseKey(keyId) {
      await housekeeping.closeKey(keyId);
      await chores.eraseKey(keyId);
    },
    webhooks: reportOutages(createWebhookClient({ redis, prefix, queue: webhookQueue })),
    redisMemory: () => redisMemory(redis),
    queueDepths: async () => [...(await queues.depths()), await webhookQueue.depth()],
    admission: {
      idempotency: reportOutages(createIdempotency({ redis, prefix })),
      openJobs: reportOutages(createOpenJobs({ redis, prefix, read })),
      waits: reportOutages(createQueueWaits({ redis, prefix })),
    },
    async ping() {
      await redis.ping();
    },
    async close() {
      waiting.close();
      await queues.close();
      await webhookQueue.close();
      await chores.close();
    },
  });
}
