import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { apiKeys, openStorage, type ObjectStorage } from '@facehash/storage';
import { startMinio } from '@facehash/testkit';
import { Command } from 'commander';
import { readConfig } from '../config.js';
import { useFolder } from '../testing/use-folder.js';
import { addBackupCommands } from './backup.js';

const minio = await startMinio();
if (minio === undefined) console.warn('Backup to S3 is not tested: there is no minio on this machine.');
afterAll(() => minio?.stop());

let folder: string;
useFolder((path) => void (folder = path));

let from: ObjectStorage;
let fromUrl: string;
let file: string;

beforeEach(async () => {
  fromUrl = pathToFileURL(join(folder, 'from')).href;
  from = await openStorage(fromUrl);
  file = join(folder, 'all.tar');
});
afterEach(async () => {
  await from.close();
});

/** What `facehash …` prints, on this storage. */
async function facehash(storageUrl: string, ...args: string[]): Promise<string> {
  const printed: string[] = [];
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addBackupCommands(program, readConfig({ FACEHASH_STORAGE_URL: storageUrl }), (text) => printed.push(text));
  await program.parseAsync(args, { from: 'user' });
  return printed.join('\n');
}

const addKey = async (name: string) => {
  const made = await apiKeys(from).create({ name, now: new Date() });
  await from.put(`tenants/${made.key.id}/webhooks/note.json`, Buffer.from(`of ${name}`));
  return made;
};

const contentsOf = async (url: string): Promise<Record<string, string>> => {
  const storage = await openStorage(url);
  const found: Record<string, string> = {};
  for await (const key of storage.list(''))
    if (!key.startsWith('retention/')) found[key] = (await storage.get(key)).toString('latin1');
  await storage.close();
  return found;
};

/** Restores on every driver there is. */
const TARGETS: readonly (readonly [string, () => string])[] = [
  ['a folder', () => pathToFileURL(join(folder, 'to')).href],
  ...(minio === undefined ? [] : [['S3', () => minio.url.replace(/[^/]+$/, `b-${Date.now()}`)] as const]),
];

describe.each(TARGETS)('facehash backup and restore, to %s', (_name, targetUrl) => {
  let toUrl: string;
  beforeEach(() => void (toUrl = targetUrl()));

  it('bring everything there, byte for byte, and back', async () => {
    await addKey('front door');
    await addKey('back door');
    expect(await facehash(fromUrl, 'backup', file)).toMatch(
      /^backed up 2 key\(s\), 6 objects, 0\.0 MB from file:/,
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await facehash(toUrl, 'backup', '--verify', file)).toMatch(
      /^.*all\.tar is whole: 2 key\(s\), 6 objects/,
    );
    expect(await facehash(toUrl, 'restore', file)).toMatch(
      /^restored 2 key\(s\) in 6 objects to .*\nWhoever was deleted after 2/,
    );
    expect(await contentsOf(toUrl)).toEqual(await contentsOf(fromUrl));

    const back = join(folder, 'back.tar.gz');
    await facehash(toUrl, 'backup', '--gzip', back);
    const again = pathToFileURL(join(folder, 'again')).href;
    await facehash(again, 'restore', back);
    expect(await contentsOf(again)).toEqual(await contentsOf(fromUrl));
  });

  it('move one key beside others', async () => {
    const { key } = await addKey('front door');
    await facehash(fromUrl, 'backup', file);
    await facehash(toUrl, 'restore', file);
    const moved = await addKey('moves');
    const one = join(folder, 'one.tar');
    expect(await facehash(fromUrl, 'backup', '--key', moved.key.id, one)).toContain('1 key(s), 3 objects');
    await expect(facehash(toUrl, 'restore', one)).rejects.toThrow('is not empty');
    await facehash(toUrl, 'restore', '--beside', one);
    expect(await contentsOf(toUrl)).toEqual(await contentsOf(fromUrl));
    await expect(facehash(toUrl, 'restore', '--beside', one)).rejects.toThrow(`${moved.key.id} is in`);
    expect(Object.keys(await contentsOf(toUrl)).filter((name) => name.includes(key.id))).toHaveLength(2);
  });

  it('change nothing for a bad archive', async () => {
    await addKey('front door');
    await facehash(fromUrl, 'backup', file);
    const bytes = await readFile(file);
    for (const [name, bad] of [
      ['cut', bytes.subarray(0, bytes.length / 2)],
      ['flipped', Buffer.from(bytes.toString('latin1').replace('of front door', 'of front d0or'), 'latin1')],
      ['foreign', Buffer.from('no archive')],
    ] as const) {
      const path = join(folder, name);
      await writeFile(path, bad);
      await expect(facehash(toUrl, 'restore', path)).rejects.toThrow(
        /is damaged or was cut off|is no backup/,
      );
      await expect(facehash(toUrl, 'backup', '--verify', path)).rejects.toThrow(/damaged|no backup/);
    }
    expect(await contentsOf(toUrl)).toEqual({});
  });
});

describe('facehash backup', () => {
  it('overwrites nothing, and leaves nothing behind when it fails', async () => {
    await expect(facehash(fromUrl, 'backup', file)).rejects.toThrow('There is no key');
    await addKey('front door');
    await writeFile(file, 'last week’s');
    await expect(facehash(fromUrl, 'backup', file)).rejects.toThrow('is there already');
    expect(await readFile(file, 'utf8')).toBe('last week’s');
    await expect(facehash(fromUrl, 'backup', join(folder, 'missing', 'a.tar'))).rejects.toThrow('ENOENT');
    expect((await readdir(folder)).sort()).toEqual(['all.tar', 'from']);
  });
});
