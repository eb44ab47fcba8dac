import type { ImageType } from '@facehash/contracts';
import type { ObjectStorage } from '../object-storage.js';

const EXTENSIONS: Readonly<Record<ImageType, string>> = { jpeg: 'jpg', png: 'png', webp: 'webp' };
const TYPES = Object.keys(EXTENSIONS) as ImageType[];

export interface StoredPhoto {
  readonly id: string;
  readonly type: ImageType;
}

export interface Photos {
  put(subjectId: string, photoId: string, bytes: Uint8Array, type: ImageType): Promise<void>;
  /** What is there of a subject, sorted by id; reads no photo. */
  list(subjectId: string): Promise<StoredPhoto[]>;
  /** How many are there of each subject that has any; one listing. */
  counts(): Promise<Map<string, number>>;
  /** Idempotent. */
  delete(subjectId: string, photoId: string): Promise<void>;
  /** Every photo of a subject. Idempotent. */
  deleteAll(subjectId: string): Promise<void>;
}

/** The photos a key's subjects were enrolled with, metadata stripped by whoever stores them. */
export function photos(storage: ObjectStorage, keyId: string): Photos {
  const root = `tenants/${keyId}/photos/`;
  const folder = (subjectId: string): string => `${root}${subjectId}/`;
  const path = (subjectId: string, photoId: string, type: ImageType): string =>
    `${folder(subjectId)}${photoId}.${EXTENSIONS[type]}`;

  return {
    async put(subjectId, photoId, bytes, type) {
      await storage.put(path(subjectId, photoId, type), bytes);
    },

    async list(subjectId) {
      const found: StoredPhoto[] = [];
      for await (const key of storage.list(folder(subjectId))) {
        const [id, extension] = key.slice(folder(subjectId).length).split('.');
        const type = TYPES.find((candidate) => EXTENSIONS[candidate] === extension);
        if (id !== undefined && type !== undefined) found.push({ id, type });
      }
      return found.sort((a, b) => (a.id < b.id ? -1 : 1));
    },

    async counts() {
      const counts = new Map<string, number>();
      for await (const key of storage.list(root)) {
        const subjectId = key.slice(root.length).split('/', 1).join('');
        counts.set(subjectId, (counts.get(subjectId) ?? 0) + 1);
      }
      return counts;
    },

    async delete(subjectId, photoId) {
      // Three blind deletes are cheaper than listing the subject's photos to learn the type.
      await Promise.all(TYPES.map((type) => storage.delete(path(subjectId, photoId, type))));
    },

    async deleteAll(subjectId) {
      await storage.deletePrefix(folder(subjectId));
    },
  };
}
