import { damaged } from '../layout/document.js';
import { parseFeatureTable } from '../layout/feature-table-file.js';
import { subjects } from '../layout/subjects.js';
import type { KeptObject, ObjectStorage } from '../object-storage.js';
import type { LeftOut } from './left-out.js';
import { readChangingFolder } from './read-folder.js';

/**
 * A person: document → numbers → photos. The document comes first, so that a deletion in between leaves somebody who can be
 * deleted again, never photos of nobody. Photos without numbers are those of a training or an enrolment that has not ended:
 * after a restore nothing would ever end it.
 * @returns false for somebody who is not enrolled, or no more
 */
export async function* objectsOfSubject(
  storage: ObjectStorage,
  { keyId, subjectId }: { keyId: string; subjectId: string },
  leftOut: (what: LeftOut) => void,
): AsyncGenerator<KeptObject, boolean> {
  const document = await subjects(storage, keyId).objects(subjectId);
  if (document.length === 0) return false;
  yield* document;

  const photoIds = new Set<string>();
  const tables = readChangingFolder(storage, `tenants/${keyId}/features/${subjectId}/`, {
    isWanted: () => true,
    // Merged into another one most often, and rows that are in both are read as one; otherwise its photos tell.
    onGone: () => undefined,
  });
  for await (const table of tables) {
    for (const id of photoIdsOf(table)) photoIds.add(id);
    yield table;
  }

  const folder = `tenants/${keyId}/photos/${subjectId}/`;
  const unfinished = new Set<string>();
  yield* readChangingFolder(storage, folder, {
    isWanted: (key) => {
      const isEnrolled = photoIds.has(key.slice(folder.length).split('.', 1).join(''));
      if (!isEnrolled) unfinished.add(key);
      return isEnrolled;
    },
    onGone: () => {
      leftOut('deleted');
    },
  });
  unfinished.forEach(() => {
    leftOut('unfinished');
  });
  return true;
}

function photoIdsOf({ key, bytes }: KeptObject): readonly string[] {
  try {
    return parseFeatureTable(bytes).photoIds;
  } catch (error) {
    throw damaged(key, error instanceof Error ? error.message : String(error), 'INTERNAL', error);
  }
}
