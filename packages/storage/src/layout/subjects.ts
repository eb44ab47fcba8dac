import { createHash } from 'node:crypto';
import { idSchema, subjectSchema, type Subject } from '@facehash/contracts';
import { z } from 'zod';
import type { ObjectStorage } from '../object-storage.js';
import { findDocument, putDocument } from './document.js';
import { inBatches } from '../in-batches.js';

const byLabelSchema = z.object({ subjectId: idSchema('subject') });

/** Documents asked for at the same time while listing. */
const READS_AT_ONCE = 16;

export interface Subjects {
  list(): AsyncIterable<Subject>;
  get(subjectId: string): Promise<Subject | undefined>;
  findByLabel(label: string): Promise<Subject | undefined>;
  put(subject: Subject): Promise<void>;
}

/** The people enrolled under a key, and which of them has a label. */
export function subjects(storage: ObjectStorage, keyId: string): Subjects {
  const folder = `tenants/${keyId}/subjects/`;
  const byLabelFolder = `${folder}by-label/`;
  // Hashed: a label is the caller's text, and none of that enters a key.
  const byLabelPath = (label: string): string =>
    `${byLabelFolder}${createHash('sha256').update(label).digest('hex')}.json`;

  const get = (subjectId: string): Promise<Subject | undefined> =>
    findDocument(storage, `${folder}${subjectId}.json`, subjectSchema);

  async function* documentKeys(): AsyncIterable<string> {
    for await (const key of storage.list(folder)) if (!key.startsWith(byLabelFolder)) yield key;
  }

  return {
    get,

    async *list() {
      for await (const keys of inBatches(documentKeys(), READS_AT_ONCE)) {
        const found = await Promise.all(keys.map((key) => findDocument(storage, key, subjectSchema)));
        yield* found.filter((subject) => subject !== undefined);
      }
    },

    async findByLabel(label) {
      const pointer = await findDocument(storage, byLabelPath(label), byLabelSchema);
      const subject = pointer && (await get(pointer.subjectId));
      // A pointer may be older than a change of label, or written just before a crash.
      return subject?.label === label ? subject : undefined;
    },

    async put(subject) {
      const { id, label } = subjectSchema.parse(subject);
      // First: a crash in between leaves a pointer to nobody, which reads as "not enrolled", never a subject that
      // is listed but not found by its label and would be enrolled a second time.
      await putDocument(storage, byLabelPath(label), byLabelSchema, { subjectId: id });
      await putDocument(storage, `${folder}${id}.json`, subjectSchema, subject);
    },
  };
}
