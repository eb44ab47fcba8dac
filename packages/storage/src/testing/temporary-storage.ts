import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { openFilesystemStorage } from '../drivers/filesystem.js';
import type { ObjectStorage } from '../object-storage.js';

/** Memory, where the system has such a folder: a test that stores thousands of objects would mostly wait for the disk. */
export const FAST_FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Hands every test of this block an empty storage in a folder of its own, removed after it. */
export function temporaryStorage(use: (storage: ObjectStorage) => void, parent = tmpdir()): void {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(parent, 'facehash-storage-'));
    use(await openFilesystemStorage(folder));
  });
  afterEach(() => rm(folder, { recursive: true }));
}

export async function keysOf(storage: ObjectStorage, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list(prefix)) keys.push(key);
  return keys.sort();
}

/** The same storage, failing from its nth `put` or `delete` on: what a crash leaves behind. */
export function crashingAt(storage: ObjectStorage, operation: 'put' | 'delete', nth: number): ObjectStorage {
  let count = 0;
  const orCrash = <T>(name: string, run: () => Promise<T>): Promise<T> =>
    name === operation && ++count >= nth ? Promise.reject(new Error('crashed')) : run();
  return {
    ...storage,
    put: (...args) => orCrash('put', () => storage.put(...args)),
    delete: (...args) => orCrash('delete', () => storage.delete(...args)),
  };
}
