import type { ImageType } from '@facehash/contracts';
import type { ObjectStorage } from '../object-storage.js';

const EXTENSIONS: Readonly<Record<ImageType, string>> = { jpeg: 'jpg', png: 'png', webp: 'webp' };
const TYPES = Object.keys(EXTENSIONS) as ImageType[];
/** Follows the extension where the photo itself is not kept. */
const GONE = '.gone';

export interface StoredPhoto {
  readonly id: string;
  readonly type: ImageType;
  /** False where only the numbers taken from it are left. */
  readonly kept: boolean;
}

/** A photo that is kept. */
interface KeptPhoto {
  readonly subjectId: string;
  readonly photoId: string;
  readonly type: ImageType;
  readonly writtenAt: Date;
}

export interface Photos {
  put(subjectId: string, photoId: string, bytes: Uint8Array, type: ImageType): Promise<void>;
  /** Says that a photo was enrolled that is not kept, so that it is still counted and can be deleted by its id. */
  note(subjectId: string, photoId: string, type: ImageType): Promise<void>;
  /** Deletes the photo itself and leaves a note. Idempotent. */
  letGo(photo: Omit<KeptPhoto, 'writtenAt'>): Promise<void>;
  /** Every photo of the key that is kept, in no promised order. */
  kept(): AsyncIterable<KeptPhoto>;
  /** What a subject was enrolled with, sorted by id; reads no photo. */
  list(subjectId: string): Promise<StoredPhoto[]>;
  /** How many each subject was enrolled with, without those who have none; one listing. */
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

  const note = async (subjectId: string, photoId: string, type: ImageType): Promise<void> => {
    await storage.put(path(subjectId, photoId, type) + GONE, Buffer.from('gone\n'));
  };

  return {
    note,

    async letGo({ subjectId, photoId, type }) {
      // First: after a crash in between the photo is still there to be let go, and listed once.
      await note(subjectId, photoId, type);
      await storage.delete(path(subjectId, photoId, type));
    },

    async *kept() {
      for await (const { key, writtenAt } of storage.listWithTimes(root)) {
        const [subjectId = '', name = ''] = key.slice(root.length).split('/');
        const photo = parseName(name);
        if (photo?.kept === true) yield { subjectId, photoId: photo.id, type: photo.type, writtenAt };
      }
    },

    async put(subjectId, photoId, bytes, type) {
      await storage.put(path(subjectId, photoId, type), bytes);
    },

    async list(subjectId) {
      const found = new Map<string, StoredPhoto>();
      for await (const key of storage.list(folder(subjectId))) {
        const photo = parseName(key.slice(folder(subjectId).length));
        if (photo !== undefined && found.get(photo.id)?.kept !== true) found.set(photo.id, photo);
      }
      return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    },

    async counts() {
      const ids = new Map<string, Set<string>>();
      for await (const key of storage.list(root)) {
        const [subjectId = '', name = ''] = key.slice(root.length).split('/');
        const own = ids.get(subjectId) ?? new Set();
        // By id: a crash may have left both a photo and the note that it is gone.
        ids.set(subjectId, own.add(name.split('.', 1).join('')));
      }
      return new Map([...ids].map(([subjectId, own]) => [subjectId, own.size]));
    },

    async delete(subjectId, photoId) {
      // Six blind deletes are cheaper than listing the subject's photos to learn the type.
      const paths = TYPES.map((type) => path(subjectId, photoId, type));
      await Promise.all(paths.flatMap((one) => [storage.delete(one), storage.delete(one + GONE)]));
    },

    async deleteAll(subjectId) {
      await storage.deletePrefix(folder(subjectId));
    },
  };
}

function parseName(name: string): StoredPhoto | undefined {
  const kept = !name.endsWith(GONE);
  const [id, extension] = (kept ? name : name.slice(0, -GONE.length)).split('.');
  const type = TYPES.find((candidate) => EXTENSIONS[candidate] === extension);
  return id === undefined || type === undefined ? undefined : { id, type, kept };
}

/** Whether an object below a key's photos is only the note of one; for who counts objects. */
export const isNoteOfPhoto = (name: string): boolean => name.endsWith(GONE);
