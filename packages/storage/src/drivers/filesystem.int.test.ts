import { mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeStorage, type StorageUnderTest } from '../testing/conformance.js';
import { openFilesystemStorage } from './filesystem.js';

async function openInTemporaryFolder(): Promise<StorageUnderTest & { root: string }> {
  const root = await mkdtemp(join(tmpdir(), 'facehash-storage-'));
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true });
  return { storage: await openFilesystemStorage(root), root, vanish: remove, remove };
}

describe('filesystem storage', () => {
  describeStorage(openInTemporaryFolder);

  describe('on disk', () => {
    let opened: Awaited<ReturnType<typeof openInTemporaryFolder>>;
    beforeAll(async () => void (opened = await openInTemporaryFolder()));
    afterAll(() => opened.remove());

    it('leaves no temporary file behind a failed put', async () => {
      const { storage, root } = opened;
      const failing = Readable.from([Buffer.alloc(100)]);
      await expect(storage.put('a/b', failing, { maxBytes: 10 })).rejects.toThrow();
      expect(await readdir(root)).toEqual(['.incoming']);
      expect(await readdir(join(root, '.incoming'))).toEqual([]);
    });

    it('prunes the folders a delete has emptied, and no others', async () => {
      const { storage, root } = opened;
      await storage.put('one/two/three/a', Buffer.from('a'));
      await storage.put('one/b', Buffer.from('b'));
      await storage.delete('one/two/three/a');
      expect(await readdir(join(root, 'one'))).toEqual(['b']);
      await storage.delete('one/b');
      expect(await readdir(root)).toEqual(['.incoming']);
    });

    it('loses no object when its folder is pruned at the same moment', async () => {
      const { storage } = opened;
      for (let round = 0; round < 100; round++) {
        await storage.put('race/deep/old', Buffer.from('old'));
        await Promise.all([
          storage.delete('race/deep/old'),
          storage.put('race/deep/new', Buffer.from('new')),
        ]);
        expect((await storage.get('race/deep/new')).toString()).toBe('new');
        await storage.delete('race/deep/new');
      }
    });

    it('stores whatever comes while others empty and prune the same folders', async () => {
      const { storage } = opened;
      const busy = async (at: number): Promise<void> => {
        for (let round = 0; round < 200; round++) {
          await storage.put(`busy/${at}/photo`, Buffer.from('new'));
          await storage.delete(`busy/${at}/photo`);
        }
      };
      await Promise.all(Array.from({ length: 8 }, (_, at) => busy(at)));
      expect(await Readable.from(storage.list('busy/')).toArray()).toEqual([]);
    });

    it('lists no symbolic links, so nothing outside its folder', async () => {
      const { storage, root } = opened;
      const outside = await mkdtemp(join(tmpdir(), 'facehash-outside-'));
      await writeFile(join(outside, 'secret'), 'not ours');
      await storage.put('links/own', Buffer.from('a'));
      await symlink(outside, join(root, 'links', 'folder'));
      await symlink(join(outside, 'secret'), join(root, 'links', 'file'));
      expect(await Readable.from(storage.list('links/')).toArray()).toEqual(['links/own']);
      await storage.deletePrefix('links/');
      expect(await readdir(outside)).toEqual(['secret']);
      await rm(outside, { recursive: true });
    });

    it('removes what a crashed process was receiving a day ago, when it is opened', async () => {
      const { root } = opened;
      const [old, recent] = ['old', 'recent'].map((name) => join(root, '.incoming', name)) as [
        string,
        string,
      ];
      await writeFile(old, 'half a photo');
      await writeFile(recent, 'half a photo');
      const twoDaysAgo = new Date(Date.now() - 48 * 60 * 60 * 1000);
      await utimes(old, twoDaysAgo, twoDaysAgo);
      await openFilesystemStorage(root);
      expect(await readdir(join(root, '.incoming'))).toEqual(['recent']);
    });

    it('removes what has not grown for as long as it is told, and says how much', async () => {
      const { storage, root } = opened;
      const silent = join(root, '.incoming', 'silent');
      await writeFile(silent, 'half a photo');
      const anHourAgo = new Date(Date.now() - 60 * 60 * 1000);
      await utimes(silent, anHourAgo, anHourAgo);
      expect(await storage.deleteUnfinished(2 * 60 * 60 * 1000)).toBe(0);
      expect(await storage.deleteUnfinished(59 * 60 * 1000)).toBe(1);
      expect(await readdir(join(root, '.incoming'))).not.toContain('silent');
    });
  });
});
