import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';
import { findServer } from './connection.js';
import { openDataDir } from './data-dir.js';
import { useFolder } from './testing/use-folder.js';

let folder: string;
useFolder((path) => void (folder = path));

const up = { url: 'http://127.0.0.1:18080', pid: 1, processes: [] };
const cli = { keyId: 'key_1', secret: 'fh_remembered' };

describe('the data directory', () => {
  it('keeps the secret from other users of the machine', async () => {
    const dataDir = openDataDir(join(folder, 'new'));
    await dataDir.writeCli(cli);
    expect((await stat(join(folder, 'new', 'cli.json'))).mode & 0o777).toBe(0o600);
    expect(await dataDir.readCli()).toEqual(cli);
  });

  it('says that nothing can be kept where it cannot be written', async () => {
    // Refused to root as well, on every file system.
    await writeFile(join(folder, 'file'), '');
    expect(await openDataDir(join(folder, 'file')).writeCli(cli)).toBe(false);
    expect(await openDataDir(join(folder, 'file', 'new')).writeCli(cli)).toBe(false);
  });

  it('says which file is damaged', async () => {
    await writeFile(join(folder, 'up.json'), '{"url":');
    await expect(openDataDir(folder).readUp()).rejects.toThrow('up.json is damaged');
  });
});

describe('findServer', () => {
  it('takes what up and keys create have left behind', async () => {
    await openDataDir(folder).writeUp(up);
    await openDataDir(folder).writeCli(cli);
    const found = await findServer({ dataDir: folder }, readConfig({}));
    expect(found).toEqual({ url: up.url, key: cli.secret });
  });

  it('lets the option win over the environment, and the environment over the files', async () => {
    await openDataDir(folder).writeUp(up);
    await openDataDir(folder).writeCli(cli);
    const config = readConfig({ FACEHASH_URL: 'http://env', FACEHASH_KEY: 'fh_env' });
    expect(await findServer({ dataDir: folder }, config)).toEqual({ url: 'http://env', key: 'fh_env' });
    const options = { dataDir: folder, url: 'http://option', key: 'fh_option' };
    expect(await findServer(options, config)).toEqual({ url: 'http://option', key: 'fh_option' });
  });

  it('says how to get what is missing', async () => {
    await expect(findServer({ dataDir: folder }, readConfig({}))).rejects.toThrow('facehash up');
    await openDataDir(folder).writeUp(up);
    await expect(findServer({ dataDir: folder }, readConfig({}))).rejects.toThrow('facehash keys create');
  });
});
