import { AppError, isAppError } from '@facehash/contracts';
import { models } from '../layout/models.js';
import { subjects } from '../layout/subjects.js';
import type { KeptObject, ObjectStorage } from '../object-storage.js';
import type { LeftOut } from './left-out.js';
import { objectsOfSubject } from './objects-of-subject.js';
import { readFolder } from './read-folder.js';

/** Each try after the first takes milliseconds, and only a deletion that ends within them makes another one necessary. */
const ATTEMPTS = 10;

interface ModelInForce {
  readonly version: string;
  readonly people: readonly string[];
  readonly objects: readonly KeptObject[];
}

/**
 * Everything under a key, of which the service may change any part meanwhile: people → the model in force → the rest.
 * Whom the model knows is among the people: somebody whom it alone knew could not be deleted by anybody.
 * @throws AppError UNAVAILABLE, and what is thrown for a stored object that is damaged
 */
export async function* objectsOfKey(
  storage: ObjectStorage,
  keyId: string,
  leftOut: (what: LeftOut) => void,
): AsyncGenerator<KeptObject> {
  const enrolled = subjects(storage, keyId);
  const people = new Set<string>();
  async function* read(subjectIds: AsyncIterable<string> | Iterable<string>): AsyncGenerator<KeptObject> {
    for await (const subjectId of subjectIds) {
      if (people.has(subjectId)) continue;
      if (yield* objectsOfSubject(storage, { keyId, subjectId }, leftOut)) people.add(subjectId);
    }
  }

  // Before the people: who is enrolled while they are read then counts as not trained yet, as after any enrolment.
  let model = await modelInForce(storage, keyId);
  yield* read(enrolled.ids());
  for (let attempt = 1; model !== undefined; attempt++) {
    yield* read(model.people);
    const isKnown = model.people.every((id) => people.has(id));
    // A deletion puts another model in force before it deletes the person: without one, nobody is just being deleted.
    if (isKnown || (await models(storage, keyId).currentVersion()) === model.version) break;
    if (attempt === ATTEMPTS) throw changed(keyId);
    model = await modelInForce(storage, keyId);
  }
  if (model !== undefined) yield* model.objects;

  const folder = `tenants/${keyId}/`;
  yield* readFolder(storage, folder, {
    isWanted: (key) => !/^(subjects|features|photos|models)\//.test(key.slice(folder.length)),
    onGone: () => {
      leftOut('deleted');
    },
  });
}

async function modelInForce(storage: ObjectStorage, keyId: string): Promise<ModelInForce | undefined> {
  const stored = models(storage, keyId);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const version = await stored.currentVersion();
    if (version === undefined) return undefined;
    try {
      const { card } = await stored.read(version);
      const people = card.labels.map(({ subjectId }) => subjectId);
      return { version, people, objects: await stored.objects(version) };
    } catch (error) {
      // Only what is no longer in force may be gone: replaced by two trainings, or by a deletion, since it was looked up.
      const mayBeGone = isAppError(error) && error.code === 'NOT_FOUND';
      if (!mayBeGone || (await stored.currentVersion()) === version) throw error;
    }
  }
  throw changed(keyId);
}

const changed = (keyId: string): AppError =>
  new AppError('UNAVAILABLE', `The model of ${keyId} changed again and again while it was read; try again.`);
