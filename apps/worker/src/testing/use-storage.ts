import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openStorage, type ObjectStorage } from '@facehash/storage';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';

/** Where its objects lie, for tests that change their times. */
type StorageForTests = ObjectStorage & { readonly folder: string };

/** An empty storage for each test of this file, or one for all of them; there from the first hook after it. */
export function useStorage({ per = 'test' }: { readonly per?: 'file' | 'test' } = {}): StorageForTests {
  const storage = {} as StorageForTests;

  (per === 'file' ? beforeAll : beforeEach)(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'facehash-worker-'));
    Object.assign(storage, await openStorage(pathToFileURL(folder).href), { folder });
  });
  (per === 'file' ? afterAll : afterEach)(async () => {
    await storage.close();
    await rm(storage.folder, { recursive: true });
  });
  return storage;
}
