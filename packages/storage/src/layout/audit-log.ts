import { auditEntrySchema, type AuditEntry } from '@facehash/contracts';
import { inBatches } from '../in-batches.js';
import type { ObjectStorage } from '../object-storage.js';
import { findDocument, putDocument } from './document.js';
import { dayOf } from './retention-agenda.js';

/** Documents asked for at the same time. */
const READS_AT_ONCE = 16;

export interface AuditLog {
  /** A second try of the same job adds a second entry of it: one too many rather than one too few. */
  append(entry: AuditEntry): Promise<void>;
  /** Of these days, oldest first, each with the position that follows it; of those after `after`, a position of such a kind. */
  read(from: string, to: string, after?: string): AsyncIterable<{ entry: AuditEntry; position: string }>;
  /** Whether there is any entry. */
  hasAny(): Promise<boolean>;
  /** Takes the person out of every entry of these days, and says in how many. */
  forgetSubject(subjectId: string, from?: string): Promise<number>;
  deleteDay(day: string): Promise<void>;
}

/** Who was recognised under a key, an object a job, in a folder a day. Entries are only ever added; people and days are taken out. */
export function auditLog(storage: ObjectStorage, keyId: string): AuditLog {
  const root = `tenants/${keyId}/audit/`;
  const find = (path: string) => findDocument(storage, path, auditEntrySchema);

  return {
    async append(entry) {
      const time = entry.at.slice('yyyy-mm-ddT'.length).replace(/\D/g, '');
      const position = `${dayOf(new Date(entry.at))}/${time}_${entry.id}`;
      await putDocument(storage, `${root}${position}.json`, auditEntrySchema, entry);
    },

    async *read(from, to, after = '') {
      const before = from < after ? `${after}.json` : `${from}/`;
      for await (const some of inBatches(storage.list(root, { after: `${root}${before}` }), READS_AT_ONCE)) {
        const wanted = some.filter((path) => path.slice(root.length, root.length + to.length) <= to);
        const entries = await Promise.all(wanted.map(find));
        for (const [n, entry] of entries.entries()) {
          // One that is not there was deleted meanwhile.
          if (entry !== undefined) yield { entry, position: wanted[n]!.slice(root.length, -'.json'.length) };
        }
        if (wanted.length < some.length) return;
      }
    },

    async hasAny() {
      for await (const key of storage.list(root)) return key !== '';
      return false;
    },

    async forgetSubject(subjectId, from = '') {
      let changed = 0;
      for await (const paths of inBatches(storage.list(root), READS_AT_ONCE)) {
        await Promise.all(
          paths
            .filter((path) => path.slice(root.length) >= from)
            .map(async (path) => {
              const entry = await find(path);
              if (!entry?.answers.some((one) => one.subject_id === subjectId)) return;
              const answers = entry.answers.map((one) =>
                one.subject_id === subjectId ? { ...one, subject_id: null } : one,
              );
              await putDocument(storage, path, auditEntrySchema, { ...entry, answers });
              changed++;
            }),
        );
      }
      return changed;
    },

    async deleteDay(day) {
      await storage.deletePrefix(`${root}${day}/`);
    },
  };
}
