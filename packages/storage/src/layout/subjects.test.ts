import { describe, expect, it } from '@jest/globals';
import { newId, type Subject } from '@facehash/contracts';
import type { ObjectStorage } from '../object-storage.js';
import { crashingAt, keysOf, temporaryStorage } from '../testing/temporary-storage.js';
import { subjects } from './subjects.js';

const keyId = newId('key');
const person = (label: string): Subject => ({
  id: newId('subject'),
  label,
  createdAt: '2026-11-24T10:00:00.000Z',
});

describe('subjects', () => {
  let storage: ObjectStorage;
  temporaryStorage((opened) => void (storage = opened));

  const all = async (): Promise<Subject[]> => {
    const found: Subject[] = [];
    for await (const subject of subjects(storage, keyId).list()) found.push(subject);
    return found;
  };

  it('finds a subject by id and by label', async () => {
    const zoe = person('Zoë O’Hara / 東京');
    await subjects(storage, keyId).put(zoe);
    expect(await subjects(storage, keyId).get(zoe.id)).toEqual(zoe);
    expect(await subjects(storage, keyId).findByLabel('Zoë O’Hara / 東京')).toEqual(zoe);
    expect(await subjects(storage, keyId).findByLabel('Zoe')).toBeUndefined();
  });

  it('lists every subject once, also more than are read at a time', async () => {
    const people = Array.from({ length: 40 }, (_, i) => person(`person ${i}`));
    for (const subject of people) await subjects(storage, keyId).put(subject);
    const byId = (a: Subject, b: Subject): number => a.id.localeCompare(b.id);
    expect((await all()).sort(byId)).toEqual(people.sort(byId));
  });

  it('keeps the subjects of two keys apart', async () => {
    await subjects(storage, newId('key')).put(person('Ada'));
    expect(await all()).toEqual([]);
    expect(await subjects(storage, keyId).findByLabel('Ada')).toBeUndefined();
  });

  it('no longer finds a subject by the label it had before', async () => {
    const ada = person('Ada');
    await subjects(storage, keyId).put(ada);
    await subjects(storage, keyId).put({ ...ada, label: 'Ada Lovelace' });
    expect(await subjects(storage, keyId).findByLabel('Ada')).toBeUndefined();
    expect((await subjects(storage, keyId).findByLabel('Ada Lovelace'))?.id).toBe(ada.id);
    expect(await all()).toHaveLength(1);
  });

  it('gives them in pages by id, the last of which says so', async () => {
    const people = [1, 2, 3].map((n) => person(`person ${n}`));
    for (const subject of people) await subjects(storage, keyId).put(subject);
    const ids = people.map(({ id }) => id).sort();
    const first = await subjects(storage, keyId).page({ limit: 2 });
    expect([first.items.map(({ id }) => id), first.next]).toEqual([ids.slice(0, 2), ids[1]]);
    const last = await subjects(storage, keyId).page({ after: ids[1]!, limit: 2 });
    expect([last.items.map(({ id }) => id), last.next]).toEqual([ids.slice(2), undefined]);
  });

  it('deletes a subject with every label it had, also one that a crash left, and nobody else', async () => {
    const [ada, eve] = [person('Ada'), person('Eve')];
    await subjects(storage, keyId).put(ada);
    const crashing = subjects(crashingAt(storage, 'delete', 1), keyId);
    await expect(crashing.put({ ...ada, label: 'Ada L.' })).rejects.toThrow('crashed');
    await subjects(storage, keyId).put(eve);
    expect(await keysOf(storage)).toHaveLength(5);
    await subjects(storage, keyId).delete(ada.id);
    await subjects(storage, keyId).delete(ada.id);
    expect(await keysOf(storage)).toHaveLength(2);
    expect(await all()).toEqual([eve]);
  });

  it('takes a subject whose storing crashed half way for not enrolled', async () => {
    const ada = person('Ada');
    await expect(subjects(crashingAt(storage, 'put', 2), keyId).put(ada)).rejects.toThrow('crashed');
    expect(await keysOf(storage)).toHaveLength(1);
    expect(await subjects(storage, keyId).findByLabel('Ada')).toBeUndefined();
    expect(await all()).toEqual([]);
  });

  it('puts nothing of a label into a key', async () => {
    await subjects(storage, keyId).put(person('Zoë'));
    expect((await keysOf(storage)).every((key) => /^[a-z0-9_/.-]+$/.test(key))).toBe(true);
  });
});
