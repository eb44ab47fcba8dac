import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@facehash/contracts';
import { selectBackend } from '@facehash/keras-models';
import { models, subjects, type ObjectStorage } from '@facehash/storage';
import { shippedBackgrounds, type Backgrounds } from '../backgrounds.js';
import { aloneContext as context } from '../testing/job-context.js';
import { enrolByNumbers, everything, tracesOf, type Person } from '../testing/person-without-photos.js';
import { useStorage } from '../testing/use-storage.js';
import { eraseHandler } from './erase.js';
import { trainHandler } from './train.js';

let backgrounds: Backgrounds;
const storage = useStorage();
let keyId: string;

beforeAll(async () => {
  await selectBackend('cpu');
  backgrounds = await shippedBackgrounds();
});
beforeEach(() => {
  keyId = newId('key');
});

const enrol = (label: string, count: number) =>
  enrolByNumbers({ storage, keyId, background: backgrounds.ratios }, label, count);
const envelope = () => ({ jobId: newId('job'), keyId, requestId: 'req_test' });

const train = () =>
  trainHandler({ storage, backgrounds, logger: { warn: () => undefined } }).run(
    { ...envelope(), subject: null },
    context,
  );

const erasing = (through: ObjectStorage = storage) =>
  eraseHandler({ storage: through, backgrounds, tellModelsGone: () => Promise.resolve() });

async function current() {
  const version = await models(storage, keyId).currentVersion();
  return version === undefined ? undefined : models(storage, keyId).card(version);
}

describe('erase', () => {
  const payloadFor = ({ id }: Person, photoId: string | null = null) => ({
    ...envelope(),
    ...{ subjectId: id, photoId },
  });

  it('of a photo takes its numbers out of the model, and keeps the person', async () => {
    const [ann, bob] = [await enrol('Ann', 3), await enrol('Bob', 2)];
    await train();
    const before = (await current())!.version;
    const photo = ann.photoIds[1]!;
    const { result } = await erasing().run(payloadFor(ann, photo), context);
    expect(result.erased).toEqual({
      ...{ subjects: 0, photos: 1, feature_rows: 1, model_versions: 1, job_records: 0, audit_entries: 0 },
    });
    expect(await everything(storage)).not.toContain(photo);
    expect(await models(storage, keyId).versions()).not.toContain(before);
    expect((await current())!.labels.map(({ label, photos: n }) => [label, n]).sort()).toEqual([
      ['Ann', 2],
      ['Bob', 2],
    ]);
    expect(await subjects(storage, keyId).findByLabel('Ann')).toBeDefined();
    for (const trace of tracesOf(bob)) expect(await everything(storage)).toContain(trace);
  });

  it('of the last photo of all leaves a person without a model', async () => {
    const ann = await enrol('Ann', 1);
    await train();
    const photo = ann.photoIds[0]!;
    expect((await erasing().run(payloadFor(ann, photo), context)).model).toBeNull();
    expect(await current()).toBeUndefined();
    expect(await models(storage, keyId).versions()).toEqual([]);
    expect(await subjects(storage, keyId).findByLabel('Ann')).toBeDefined();
  });

  it('of somebody whom no model knows makes no new one', async () => {
    await enrol('Bob', 2);
    await train();
    const before = (await current())!.version;
    const ann = await enrol('Ann', 2);
    const { model } = await erasing().run(payloadFor(ann), context);
    expect(model?.version).toBe(before);
    for (const trace of tracesOf(ann)) expect(await everything(storage)).not.toContain(trace);
  });

  it('changes nothing when it has lost its turn', async () => {
    const ann = await enrol('Ann', 2);
    await enrol('Bob', 2);
    await train();
    const before = (await current())!.version;
    const outrun = { ...context, mayPublish: () => Promise.resolve(false) };
    await expect(erasing().run(payloadFor(ann), outrun)).rejects.toMatchObject({
      code: 'JOB_LOST',
    });
    expect((await current())!.version).toBe(before);
    for (const trace of tracesOf(ann)) expect(await everything(storage)).toContain(trace);
  });

  it('that cannot delete the job records leaves the subject, so that it can be asked for again', async () => {
    const ann = await enrol('Ann', 2);
    const failing = { ...context, forget: () => Promise.reject(new Error('Redis is read-only')) };
    await expect(erasing().run(payloadFor(ann), failing)).rejects.toThrow('read-only');
    expect(await subjects(storage, keyId).findByLabel('Ann')).toBeDefined();
    const asked: (readonly string[])[] = [];
    const forget = (texts: readonly string[]) => Promise.resolve(asked.push(texts));
    await erasing().run(payloadFor(ann), { ...context, forget });
    // Before the subject goes, and once more for recognitions that were naming it at that moment.
    expect(asked).toEqual([
      [ann.id, '"Ann"'],
      [ann.id, '"Ann"'],
    ]);
    expect(await subjects(storage, keyId).findByLabel('Ann')).toBeUndefined();
  });

  it('broken off at whatever deletion is finished by the next try, and its receipt tells all of it', async () => {
    // The model, the numbers, the photos, the label and the subject.
    for (let nth = 1; nth <= 5; nth++) {
      const [ann] = [await enrol(`Ann ${nth}`, 2), await enrol(`Bob ${nth}`, 2)];
      await train();
      const payload = payloadFor(ann);
      const dying = erasing(dyingAtDeletion(storage, nth));
      await expect(dying.run(payload, context)).rejects.toThrow('crashed');
      expect(await subjects(storage, keyId).get(ann.id)).toBeDefined();
      const { result } = await erasing().run(payload, context);
      expect(result.erased).toMatchObject({ subjects: 1, photos: 2, feature_rows: 2 });
      const text = await everything(storage);
      for (const trace of tracesOf(ann)) expect(text).not.toContain(trace);
      expect((await current())!.labels.some(({ subjectId }) => subjectId === ann.id)).toBe(false);
    }
  });
});

/** Fails at its nth deletion and at every later one, as a crash would. */
function dyingAtDeletion(storage: ObjectStorage, nth: number): ObjectStorage {
  let count = 0;
  const orDie = <T>(run: () => Promise<T>): Promise<T> =>
    ++count >= nth ? Promise.reject(new Error('crashed')) : run();
  return {
    ...storage,
    delete: (key) => orDie(() => storage.delete(key)),
    deletePrefix: (prefix) => orDie(() => storage.deletePrefix(prefix)),
  };
}
