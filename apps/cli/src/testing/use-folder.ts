import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';

/** Hands every test of this file an empty folder of its own, removed after it. */
export function useFolder(take: (path: string) => void): void {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'facehash-cli-'));
    take(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));
}
