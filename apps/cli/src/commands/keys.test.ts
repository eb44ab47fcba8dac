import { keyErasureSchema, keyListSchema, keyResourceSchema, keyWithSecretSchema } from '@facehash/contracts';
import { apiKeys, openStorage } from '@facehash/storage';
import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { readConfig } from '../config.js';
import { openDataDir } from '../data-dir.js';
import { useFolder } from '../testing/use-folder.js';
import { addKeysCommand } from './keys.js';

let dir: string;
useFolder((path) => void (dir = path));

/** What `facehash keys …` prints. */
async function keys(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addKeysCommand(program, readConfig({}), (text) => printed.push(text));
  await program.parseAsync(['keys', ...args, '--data-dir', dir], { from: 'user' });
  return printed.join('\n');
}

const now = new Date();

const json = async (...args: string[]): Promise<unknown> => JSON.parse(await keys(...args, '--json'));

const create = async () => (await json('create', '--name', 'door')) as { id: string; secret: string };

async function opens(secret: string): Promise<boolean> {
  const storage = await openStorage(openDataDir(dir).storageUrl);
  return (await apiKeys(storage).findBySecret(secret)) !== undefined;
}

describe('facehash keys create', () => {
  it('prints the key and keeps it for train and recognize', async () => {
    const key = await create();
    expect(Object.keys(key)).toEqual(['id', 'secret', 'name', 'created_at']);
    expect(await openDataDir(dir).readCli()).toEqual({ keyId: key.id, secret: key.secret });
    expect(await opens(key.secret)).toBe(true);
  });
});

describe('facehash keys create and set', () => {
  const listed = async () => keyListSchema.parse(await json('list')).data;

  it('give a key its mode and its limits', async () => {
    await keys('create', '--on-training', 'queue', '--requests-per-minute', '30', '--open-jobs', '0');
    const [key] = await listed();
    expect(key).toMatchObject({ on_training: 'queue', limits: { requests_per_minute: 30, open_jobs: 0 } });
    expect(await keys('set', key!.id, '--on-training', 'previous')).toContain('is changed');
    expect((await listed())[0]).toEqual({ ...key, on_training: 'previous' });
    await keys('set', key!.id, '--requests-per-minute', 'default');
    expect((await listed())[0]?.limits).toEqual({ requests_per_minute: null, open_jobs: 0 });
    await keys('set', key!.id, '--open-jobs', '7');
    const limits = { requests_per_minute: null, open_jobs: 7 };
    expect((await listed())[0]).toEqual({ ...key, on_training: 'previous', limits });
    await keys('set', key!.id, '--fit', 'refined');
    expect((await listed())[0]).toMatchObject({ on_training: 'previous', limits, fit: 'refined' });
  });

  it('give a key lifetimes of its own', async () => {
    await keys('create', '--photos-days', '0', '--results-hours', '2');
    const [key] = await listed();
    expect(key?.retention).toMatchObject({ photos_days: 0, results_hours: 2 });
    await keys('set', key!.id, '--photos-days', 'forever', '--results-hours', 'default');
    expect((await listed())[0]?.retention).toEqual({
      ...{ ...key!.retention, photos_days: 'forever' },
      results_hours: null,
    });
    const refused = keys('set', key!.id, '--photos-days', 'long');
    await expect(refused).rejects.toThrow('expected 0 to 3650 days, or "forever"');
  });

  it('have a key require consent, and no more', async () => {
    await keys('create', '--require-consent');
    const [key] = await listed();
    expect(key?.require_consent).toBe(true);
    await keys('set', key!.id, '--results-hours', '2');
    expect((await listed())[0]?.require_consent).toBe(true);
    await keys('set', key!.id, '--no-require-consent');
    expect((await listed())[0]?.require_consent).toBe(false);
  });

  it('leave them as every key has them, and take no other', async () => {
    const { id } = await create();
    const limits = { requests_per_minute: null, open_jobs: null };
    expect((await listed())[0]).toMatchObject({ on_training: 'reject', limits });
    await expect(keys('set', id, '--on-training', 'never')).rejects.toThrow('Allowed choices are reject');
    await expect(keys('set', id)).rejects.toThrow('--on-training');
    await expect(keys('set', id, '--open-jobs', 'many')).rejects.toThrow('whole number');
    await expect(keys('create', '--open-jobs', '-1')).rejects.toThrow('whole number');
  });
});

describe('facehash keys list', () => {
  it('shows every key and no secret', async () => {
    const { id, secret } = await create();
    const list = keyListSchema.strict().parse(await json('list'));
    expect(list.data).toMatchObject([{ id, name: 'door', revoked_at: null }]);
    expect(await keys('list')).toContain(id);
    expect(await keys('list')).not.toContain(secret);
  });

  it('says where there is none, and prints more of them than fit into a table', async () => {
    expect(await keys('list')).toMatch(/no key yet.*facehash keys create/);
    expect(keyListSchema.parse(await json('list')).data).toEqual([]);
    const storage = await openStorage(openDataDir(dir).storageUrl);
    const made = Array.from({ length: 1001 }, (_, n) => apiKeys(storage).create({ name: `key ${n}`, now }));
    const ids = (await Promise.all(made)).map(({ key }) => key.id).sort();
    expect((await keys('list')).match(/key_[0-9a-f]{32}/g)).toEqual(ids);
    expect(keyListSchema.parse(await json('list')).data.map(({ id }) => id)).toEqual(ids);
  });
});

describe('facehash keys rotate', () => {
  it('prints the new secret, which train and recognize use from then on', async () => {
    const { id, secret: old } = await create();
    const { secret } = keyWithSecretSchema.strict().parse(await json('rotate', id));
    expect(await openDataDir(dir).readCli()).toEqual({ keyId: id, secret });
    expect([await opens(old), await opens(secret)]).toEqual([true, true]);
  });

  it('leaves another key in use', async () => {
    const other = await create();
    const { secret, id } = await create();
    await keys('rotate', other.id);
    expect(await openDataDir(dir).readCli()).toEqual({ keyId: id, secret });
  });

  it('says when the old secret ends', async () => {
    const { id, secret } = await create();
    expect(await keys('rotate', id, '--grace-seconds', '60')).toMatch(/The old one ends at \d{4}-/);
    expect(await keys('rotate', id, '--grace-seconds', '0')).toMatch(/The old one ends now/);
    expect(await opens(secret)).toBe(false);
    await expect(keys('rotate', id, '--grace-seconds', '-1')).rejects.toThrow('whole number');
  });
});

describe('facehash keys revoke', () => {
  it('ends the key', async () => {
    const { id, secret } = await create();
    expect(await keys('revoke', id)).toBe(`${id} is revoked, everywhere within 5 s.`);
    expect(await opens(secret)).toBe(false);
    expect(keyResourceSchema.strict().parse(await json('revoke', id)).revoked_at).not.toBeNull();
  });

  it('says that there is no such key', async () => {
    await expect(keys('revoke', 'key_1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('facehash keys erase', () => {
  it('ends the key and asks for the deletion of its data, only where it is named twice', async () => {
    const { id, secret } = await create();
    await expect(keys('erase', id, '--confirm', 'key_1')).rejects.toThrow('Nothing was deleted');
    expect(await opens(secret)).toBe(true);
    expect(await keys('erase', id, '--confirm', id)).toContain('within 15 minutes');
    expect(await opens(secret)).toBe(false);
    expect(keyErasureSchema.parse(await json('erase', id, '--confirm', id)).status).toBe('pending');
  });
});
