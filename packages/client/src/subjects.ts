import type { EraseResult, PhotoList, SubjectChange, SubjectResource } from '@facehash/contracts';
import type { JobHandle } from './job-handle.js';
import { MOST, pages } from './pages.js';
import { readJson, type CallOptions, type Send } from './send.js';
import { submit, type SubmitOptions } from './submit.js';

export type PhotoResource = PhotoList['data'][number];

/** Who is enrolled under the key. */
export interface Subjects {
  list(options?: CallOptions): AsyncIterable<SubjectResource>;
  get(label: string, options?: CallOptions): Promise<SubjectResource>;
  /** A new label shows at once, without a training; metadata replaces all that was there. */
  update(label: string, change: SubjectChange, options?: CallOptions): Promise<SubjectResource>;
  /** Deletes the person for good: photos, numbers, models; the result is a receipt. */
  delete(label: string, options?: SubmitOptions): Promise<JobHandle<EraseResult>>;
  photos(label: string, options?: CallOptions): AsyncIterable<PhotoResource>;
  deletePhoto(label: string, photoId: string, options?: SubmitOptions): Promise<JobHandle<EraseResult>>;
}

export const subjectPath = (label: string): string => `/v1/subjects/${encodeURIComponent(label)}`;

export function subjects(send: Send): Subjects {
  const photosPath = (label: string) => `${subjectPath(label)}/photos`;
  return {
    list: (options) => pages<SubjectResource>(send, '/v1/subjects', MOST, options),
    get: (label, { signal } = {}) => send({ path: subjectPath(label), signal }, readJson<SubjectResource>),
    update: (label, change, { signal } = {}) =>
      send(
        {
          method: 'PUT',
          path: subjectPath(label),
          body: () => ({ content: JSON.stringify(change), contentType: 'application/json' }),
          signal,
        },
        readJson<SubjectResource>,
      ),
    delete: (label, options) => submit(send, { method: 'DELETE', path: subjectPath(label) }, options),
    photos: (label, options) => pages<PhotoResource>(send, photosPath(label), MOST, options),
    deletePhoto: (label, photoId, options) =>
      submit(
        send,
        { method: 'DELETE', path: `${photosPath(label)}/${encodeURIComponent(photoId)}` },
        options,
      ),
  };
}
