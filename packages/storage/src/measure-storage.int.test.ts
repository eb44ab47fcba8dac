import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@facehash/contracts';
import { measureStorage } from './measure-storage.js';
import type { ObjectStorage } from './object-storage.js';
import { openStorage } from './open-storage.js';

let folder: string;
let storage: ObjectStorage;
let failures: Record<string, number>;

const measured = (target: ObjectStorage) =>
  measureStorage(
    {
      counter:
        () =>
        ({ operation }, value = 1) => {
          failures[operation] = (failures[operation] ?? 0) + value;
        },
    },
    target,
  );

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'facehash-measured-'));
  storage = await openStorage(`file://${folder}`);
  failures = {};
});
afterEach(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

describe('measureStorage', () => {
  it('passes everything through, and does not count an object that is missing', async () => {
    const same = measured(storage);
    await same.put('a/b', Buffer.from('x'));
    expect(await same.get('a/b')).toEqual(Buffer.from('x'));
    await expect(same.get('a/c')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const keys = [];
    await same.put('a/a', Buffer.from('x'));
    for await (const key of same.list('a/', { after: 'a/a' })) keys.push(key);
    expect(keys).toEqual(['a/b']);
    expect(Object.values(failures).every((count) => count === 0)).toBe(true);
  });

  it('counts what the storage could not answer, by the call', async () => {
    const away = () => Promise.reject(new AppError('UNAVAILABLE', 'away'));
    const same = measured({
      ...storage,
      get: away,
      list: async function* () {
        await away();
      },
    });
    await expect(same.get('a/b')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(same.list('a/')[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    expect(failures).toMatchObject({ get: 1, list: 1, put: 0 });
  });
});
