import type {
  AuditEntry,
  auditRangeSchema,
  DetectResult,
  detectFieldsSchema,
  enrolFieldsSchema,
  EnrolResult,
  Job,
  jobListQuerySchema,
  ModelReportResource,
  ModelResource,
  Policy,
  RecognizeResult,
  recognizeFieldsSchema,
  trainFieldsSchema,
  TrainResult,
  verifyFieldsSchema,
  VerifyResult,
} from '@facehash/contracts';
import { enrolAll, type EnrolAllOptions, type EnrolAllReport, type PersonPhotos } from './enrol-all.js';
import { jobHandle, type JobHandle } from './job-handle.js';
import type { AnyResult } from './job.js';
import { keys, type Keys } from './keys.js';
import { models, type Models } from './models.js';
import { MOST, pages } from './pages.js';
import type { Photo } from './photo.js';
import { createSend, readJson, type CallOptions, type ConnectionOptions } from './send.js';
import { subjectPath, subjects, type Subjects } from './subjects.js';
import { submit, type SubmitOptions } from './submit.js';
import { webhooks, type Webhooks } from './webhooks.js';

/** The fields of a form as the server understands them, all of them optional. */
type Fields<Schema extends { readonly _output: object }> = Partial<Omit<Schema['_output'], 'label'>>;

export type RecognizeOptions = SubmitOptions & Fields<typeof recognizeFieldsSchema>;
export type DetectOptions = SubmitOptions & Fields<typeof detectFieldsSchema>;
export type VerifyOptions = SubmitOptions & Fields<typeof verifyFieldsSchema>;
export type TrainOptions = SubmitOptions & Fields<typeof trainFieldsSchema>;
export type AddPhotosOptions = SubmitOptions & Omit<Fields<typeof enrolFieldsSchema>, 'train'>;
export type AuditRange = (typeof auditRangeSchema)['_output'];
export type JobFilter = Partial<Pick<(typeof jobListQuerySchema)['_output'], 'status' | 'type'>>;

/**
 * A FaceHash server, with one API key. A call that makes a job resolves once the server has accepted it (or, with
 * `waitS`, when the job has ended by then); what it resolves to waits for the result. About single photos the server is
 * waited for up to 30 s unless told otherwise. Options that are fields of the API are spelt as they are there.
 */
export interface Client {
  /** Names the faces on a photo. */
  recognize(photo: Photo, options?: RecognizeOptions): Promise<JobHandle<RecognizeResult>>;
  /** Boxes and landmarks of the faces on a photo; names nobody and needs no model. */
  detect(photo: Photo, options?: DetectOptions): Promise<JobHandle<DetectResult>>;
  /** Whether two photos show one person, or a photo the person enrolled by this label. */
  verify(photo: Photo, against: Photo | string, options?: VerifyOptions): Promise<JobHandle<VerifyResult>>;
  /** Enrols a person with photos of them alone, or adds to one, and trains the key's model. */
  train(label: string, photos: readonly Photo[], options?: TrainOptions): Promise<JobHandle<TrainResult>>;
  /** Adds photos to a person, new or known, without a training: the model learns them with the next one. */
  addPhotos(
    label: string,
    photos: readonly Photo[],
    options?: AddPhotosOptions,
  ): Promise<JobHandle<EnrolResult>>;
  /** Enrols many people, then trains once. A person that fails does not stop the others; it may be run again. */
  enrolAll(
    people: AsyncIterable<PersonPhotos> | Iterable<PersonPhotos>,
    options?: EnrolAllOptions,
  ): Promise<EnrolAllReport>;
  /** Trains the key's model again on what is there. */
  retrain(options?: TrainOptions): Promise<JobHandle<TrainResult>>;
  /** A job by its id, made here or elsewhere. */
  job(id: string): JobHandle<AnyResult>;
  readonly jobs: {
    /** The key's jobs, newest first. */
    list(filter?: JobFilter, options?: CallOptions): AsyncIterable<Job>;
  };
  /** The model in force. @throws FaceHashError NOT_FOUND before the first training */
  model(options?: CallOptions): Promise<ModelResource>;
  /** How well each person's photos agree, and who is mistaken for whom. @throws FaceHashError NOT_FOUND where there is none */
  modelReport(options?: CallOptions): Promise<ModelReportResource>;
  /** What is kept how long, for this key: values, and sentences to show to people. */
  policy(options?: CallOptions): Promise<Policy>;
  readonly models: Models;
  /** Who was recognised under a key with `audit`, and who asked; oldest first. Needs the scope `audit`. */
  audit(range?: AuditRange, options?: CallOptions): AsyncIterable<AuditEntry>;
  readonly subjects: Subjects;
  readonly webhooks: Webhooks;
  readonly keys: Keys;
}

/** Such a job takes well under a second unless the queue is long. */
const PHOTO_WAIT_S = 30;

/** Opens nothing: the first call does. */
export function createClient(connection: ConnectionOptions): Client {
  const send = createSend(connection);
  const waitS = PHOTO_WAIT_S;
  const client: Client = {
    recognize: (photo, options) =>
      submit(send, { path: '/v1/recognize', waitS, files: [['image', photo]] }, options),
    detect: (photo, options) =>
      submit(send, { path: '/v1/detect', waitS, files: [['image', photo]] }, options),
    verify: (photo, against, options) => {
      const target =
        typeof against === 'string'
          ? { fields: { label: against }, files: [['image', photo]] as const }
          : {
              files: [
                ['image', photo],
                ['reference', against],
              ] as const,
            };
      return submit(send, { path: '/v1/verify', waitS, ...target }, options);
    },
    train: (label, photos, options) =>
      submit(send, { path: '/v1/train', fields: { label }, files: photosOf(photos) }, options),
    addPhotos: (label, photos, options) =>
      submit(send, { path: `${subjectPath(label)}/photos`, files: photosOf(photos) }, options),
    enrolAll: (people, options) => enrolAll(client, people, options),
    retrain: (options) => submit(send, { path: '/v1/train' }, options),
    job: (id) => jobHandle(send, id),
    jobs: {
      list: (filter, options) => pages<Job>(send, '/v1/jobs', { ...MOST, ...filter }, options),
    },
    model: ({ signal } = {}) => send({ path: '/v1/model', signal }, readJson<ModelResource>),
    modelReport: ({ signal } = {}) =>
      send({ path: '/v1/model/report', signal }, readJson<ModelReportResource>),
    policy: ({ signal } = {}) => send({ path: '/v1/policy', signal }, readJson<Policy>),
    models: models(send),
    audit: (range, options) => pages<AuditEntry>(send, '/v1/audit', { ...MOST, ...range }, options),
    subjects: subjects(send),
    webhooks: webhooks(send),
    keys: keys(send),
  };
  return client;
}

const photosOf = (photos: readonly Photo[]) => photos.map((photo) => ['photos', photo] as const);
