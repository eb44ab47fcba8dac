import type { ImageType } from '@facehash/contracts';
import type { ObjectStorage } from '../object-storage.js';

const EXTENSIONS: Readonly<Record<ImageType, string>> = { jpeg: 'jpg', png: 'png', webp: 'webp' };

export interface Photos {
  put(subjectId: string, photoId: string, bytes: Uint8Array, type: ImageType): Promise<void>;
  /** Idempotent. */
  delete(subjectId: string, photoId: string): Promise<void>;
}

/** The photos a key's subjects were enrolled with, metadata stripped by whoever stores them. */
export function photos(storage: ObjectStorage, keyId: string): Photos {
  const path = (subjectId: string, photoId: string, type: ImageType): string =>
    `tenants/${keyId}/photos/${subjectId}/${photoId}.${EXTENSIONS[type]}`;

  return {
    async put(subjectId, photoId, bytes, type) {
      await storage.put(path(subjectId, photoId, type), bytes);
    },

    async delete(subjectId, photoId) {
      // Three blind deletes are cheaper than listing the subject's photos to learn the type.
      const types = Object.keys(EXTENSIONS) as ImageType[];
      await Promise.all(types.map((type) => storage.delete(path(subjectId, photoId, type))));
    },
  };
}
