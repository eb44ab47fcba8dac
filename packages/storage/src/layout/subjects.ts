import { createHash } from 'node:crypto';
import { idSchema, subjectSchema, type Subject } from '@facehash/contracts';
import { z } from 'zod';
import type { KeptObject, ObjectStorage } from '../object-storage.js';
import { documentBytes, findDocument, parseDocument, putDocument } from './document.js';
import { documentsById, type DocumentsById } from './documents-by-id.js';
import { inBatches } from '../in-batches.js';

const byLabelSchema = z.object({ subjectId: idSchema('subject') });

/** Documents asked for at the same time while looking through them. */
const READS_AT_ONCE = 16;

export interface Subjects extends DocumentsById<Subject> {
  get(subjectId: string): Promise<Subject | undefined>;
  /** What a subject's document consists of, as it is stored now: what leads to it from its label, then the document. */
  objects(subjectId: string): Promise<KeptObject[]>;
  findByLabel(label: string): Promise<Subject | undefined>;
  /** A subject with another label than before is no longer found by that one. */
  put(subject: Subject): Promise<void>;
  /** With every label it ever had. Idempotent. */
  delete(subjectId: string): Promise<void>;
}

/** The people enrolled under a key, and which of them has a label. */
export function subjects(storage: ObjectStorage, keyId: string): Subjects {
  const folder = `tenants/${keyId}/subjects/`;
  const byLabelFolder = `${folder}by-label/`;
  const path = (subjectId: string): string => `${folder}${subjectId}.json`;
  // Hashed: a label is the caller's text, and none of that enters a key.
  const byLabelPath = (label: string): string =>
    `${byLabelFolder}${createHash('sha256').update(label).digest('hex')}.json`;

  const get = (subjectId: string): Promise<Subject | undefined> =>
    findDocument(storage, path(subjectId), subjectSchema);

  return {
    ...documentsById(storage, { folder, prefix: 'sub_', get }),
    get,

    async objects(subjectId) {
      const bytes = await storage.find(path(subjectId));
      if (bytes === undefined) return [];
      const { label } = parseDocument(bytes, path(subjectId), subjectSchema);
      // Made anew: the one that is stored may be about to be changed with the label.
      const pointer = documentBytes(byLabelSchema, { subjectId });
      return [
        { key: byLabelPath(label), bytes: pointer },
        { key: path(subjectId), bytes },
      ];
    },

    async findByLabel(label) {
      const pointer = await findDocument(storage, byLabelPath(label), byLabelSchema);
      const subject = pointer && (await get(pointer.subjectId));
      // A pointer may be older than a change of label, or written just before a crash.
      return subject?.label === label ? subject : undefined;
    },

    async put(subject) {
      const { id, label } = subjectSchema.parse(subject);
      const before = await get(id);
      // First: a crash in between leaves a pointer to nobody, which reads as "not enrolled", never a subject that
      // is listed but not found by its label and would be enrolled a second time.
      await putDocument(storage, byLabelPath(label), byLabelSchema, { subjectId: id });
      await putDocument(storage, path(id), subjectSchema, subject);
      if (before !== undefined && before.label !== label) await storage.delete(byLabelPath(before.label));
    },

    async delete(subjectId) {
      // Looked through, not computed: a crash in the middle of a change of label leaves the former one's pointer.
      for await (const keys of inBatches(storage.list(byLabelFolder), READS_AT_ONCE)) {
        const pointers = await Promise.all(keys.map((key) => findDocument(storage, key, byLabelSchema)));
        const own = keys.filter((_, at) => pointers[at]?.subjectId === subjectId);
        for (const key of own) await storage.delete(key);
      }
      // Last: as long as it is there, a deletion that was broken off can be asked for again.
      await storage.delete(path(subjectId));
    },
  };
}
