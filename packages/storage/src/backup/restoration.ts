import { keyObjects, keyOfObject } from '../layout/api-keys.js';
import { keyErasures } from '../layout/key-erasures.js';
import { retentionAgenda } from '../layout/retention-agenda.js';
import type { KeptObject, ObjectStorage } from '../object-storage.js';

/** As many as an S3 driver sends at once. */
const PUTS_AT_ONCE = 8;
const KEY_OF_DATA = /^tenants\/([^/]+)\//;
/** What a service that was only started, or erased keys, has left: nothing a restore could spoil. */
const HARMLESS = /^(keys\/admin\.json$|keys\/erased\/|retention\/|uploads\/|doctor\/)/;

export interface Restoration {
  /** Keys of the backup that were erased from this storage, and so are not restored. */
  readonly erased: readonly string[];
  /** Requires: the order of `lastingObjects`. @returns how many objects were stored */
  write(objects: AsyncIterable<KeptObject>): Promise<number>;
  /** Deletes what was written. */
  undo(): Promise<void>;
}

/**
 * Looks whether these keys can be restored into a storage: one without keys, or, `beside` others, one that has nothing of
 * these. Nothing that is there is ever overwritten.
 * @throws Error that says what is there and what to do
 */
export async function openRestoration(
  storage: ObjectStorage,
  { keyIds, beside }: { keyIds: ReadonlySet<string>; beside: boolean },
): Promise<Restoration> {
  if (!beside) await assertUnused(storage);
  const erased: string[] = [];
  for (const id of keyIds) {
    if ((await keyErasures(storage).get(id)) !== undefined) erased.push(id);
    else await assertAbsent(storage, id);
  }
  const wanted = new Set([...keyIds].filter((id) => !erased.includes(id)));
  const opening: string[] = [];
  const begun = new Set<string>();

  /** What belongs to no key is the installation's: another one that only takes keys in has its own. */
  async function isWanted(object: KeptObject): Promise<boolean> {
    const id = KEY_OF_DATA.exec(object.key)?.[1] ?? keyOfObject(object);
    if (id !== undefined) return wanted.has(id);
    return !beside && (await storage.find(object.key)) === undefined;
  }

  async function place(object: KeptObject): Promise<number> {
    if (!(await isWanted(object))) return 0;
    const data = KEY_OF_DATA.exec(object.key)?.[1];
    if (data === undefined) opening.push(object.key);
    else begun.add(data);
    await storage.put(object.key, object.bytes);
    return 1;
  }

  return {
    erased,

    async write(objects) {
      let written = 0;
      const batch: KeptObject[] = [];
      const flush = async (): Promise<void> => {
        // All of them have ended before one's failure is told: nothing may be written after what is undone then.
        const placed = await Promise.allSettled(batch.splice(0).map(place));
        for (const outcome of placed) {
          if (outcome.status === 'rejected') throw outcome.reason;
          written += outcome.value;
        }
      };
      for await (const object of objects) {
        const opens = stageOf(object) > stageOf(batch[0] ?? object);
        if (batch.length === PUTS_AT_ONCE || opens) await flush();
        batch.push(object);
      }
      await flush();
      // The agenda of what is to be let go on which day is not in a backup: photos are as old as they are in this storage.
      for (const id of wanted) await retentionAgenda(storage).enlist(id);
      return written;
    },

    async undo() {
      // Back to front: a key without its data must not open anything.
      for (const key of opening.reverse()) await storage.delete(key);
      for (const id of begun) await storage.deletePrefix(`tenants/${id}/`);
    },
  };
}

/** Everything of a stage is stored before anything of a later one. */
const stageOf = ({ key }: KeptObject): number => (key.startsWith('tenants/') ? 0 : 1);

async function assertUnused(storage: ObjectStorage): Promise<void> {
  for await (const path of storage.list('')) {
    if (HARMLESS.test(path)) continue;
    throw new Error(
      `${storage.description} is not empty: there is ${path}. Restore into an empty folder or bucket, ` +
        'or add the keys of the backup to those that are there with --beside.',
    );
  }
}

async function assertAbsent(storage: ObjectStorage, keyId: string): Promise<void> {
  const [document] = await keyObjects(storage, keyId);
  if (document !== undefined)
    throw new Error(`${keyId} is in ${storage.description} already, and a restore overwrites nothing.`);
  for await (const path of storage.list(`tenants/${keyId}/`)) {
    throw new Error(
      `${storage.description} has ${path}, but not its key: a restore that was killed leaves this behind. ` +
        `Delete everything below tenants/${keyId}/ there, and try again.`,
    );
  }
}
