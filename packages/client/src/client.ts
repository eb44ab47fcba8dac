import type {
  Job,
  ModelResource,
  RecognizeResult,
  recognizeFieldsSchema,
  trainFieldsSchema,
  jobListQuerySchema,
  TrainResult,
} from '@facehash/contracts';
import { jobHandle, type JobHandle } from './job-handle.js';
import type { AnyResult } from './job.js';
import { keys, type Keys } from './keys.js';
import { pages } from './pages.js';
import type { Photo } from './photo.js';
import { createSend, readJson, type CallOptions, type ConnectionOptions } from './send.js';
import { subjects, type Subjects } from './subjects.js';
import { submit, type SubmitOptions } from './submit.js';

export type RecognizeOptions = SubmitOptions & Partial<(typeof recognizeFieldsSchema)['_output']>;
export type TrainOptions = SubmitOptions & Partial<Omit<(typeof trainFieldsSchema)['_output'], 'label'>>;
export type JobFilter = Partial<Pick<(typeof jobListQuerySchema)['_output'], 'status' | 'type'>>;

/**
 * A FaceHash server, with one API key. A call that makes a job resolves once the server has accepted it (or, with
 * `waitS`, when the job has ended by then); what it resolves to waits for the result.
 */
export interface Client {
  /** Names the faces on a photo. Waits up to 30 s unless told otherwise. */
  recognize(photo: Photo, options?: RecognizeOptions): Promise<JobHandle<RecognizeResult>>;
  /** Enrols a person with photos of them alone, or adds to one, and trains the key's model. */
  train(label: string, photos: readonly Photo[], options?: TrainOptions): Promise<JobHandle<TrainResult>>;
  /** Trains the key's model again on what is there. */
  retrain(options?: SubmitOptions): Promise<JobHandle<TrainResult>>;
  /** A job by its id, made here or elsewhere. */
  job(id: string): JobHandle<AnyResult>;
  readonly jobs: {
    /** The key's jobs, newest first. */
    list(filter?: JobFilter, options?: CallOptions): AsyncIterable<Job>;
  };
  /** The model in force. @throws FaceHashError NOT_FOUND before the first training */
  model(options?: CallOptions): Promise<ModelResource>;
  readonly subjects: Subjects;
  readonly keys: Keys;
}

/** A recognition takes well under a second unless the queue is long. */
const RECOGNIZE_WAIT_S = 30;

/** Opens nothing: the first call does. */
export function createClient(options: ConnectionOptions): Client {
  const send = createSend(options);
  return {
    recognize: (photo, options) => {
      const [call, fields] = split(options);
      const form = { fields, files: [['image', photo]] as const };
      return submit(
        send,
        { path: '/v1/recognize', form },
        { ...call, waitS: call.waitS ?? RECOGNIZE_WAIT_S },
      );
    },
    train: (label, photos, options) => {
      const [call, fields] = split(options);
      const form = {
        fields: { label, ...fields },
        files: photos.map((photo) => ['photos', photo] as const),
      };
      return submit(send, { path: '/v1/train', form }, call);
    },
    retrain: (options) => submit(send, { path: '/v1/train' }, options),
    job: (id) => jobHandle(send, id),
    jobs: {
      list: (filter, options) => pages<Job>(send, '/v1/jobs', { limit: '100', ...filter }, options),
    },
    model: ({ signal } = {}) => send({ path: '/v1/model', signal }, readJson<ModelResource>),
    subjects: subjects(send),
    keys: keys(send),
  };
}

/** What is about the call, and what is a field of the request. */
function split<Fields extends object>(
  options: SubmitOptions & Fields = {} as SubmitOptions & Fields,
): [SubmitOptions, Omit<Fields, keyof SubmitOptions>] {
  const { signal, waitS, whileTraining, idempotencyKey, onProgress, ...fields } = options;
  return [{ signal, waitS, whileTraining, idempotencyKey, onProgress }, fields];
}
