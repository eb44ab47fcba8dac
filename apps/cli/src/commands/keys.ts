import { apiKeys, openStorage } from '@facehash/storage';
import type { Command } from 'commander';
import type { CliConfig } from '../config.js';
import { DEFAULT_DATA_DIR, openDataDir } from '../data-dir.js';

interface CreateOptions {
  readonly name: string;
  readonly json?: true;
  readonly url?: string;
  readonly dataDir: string;
}

export function addKeysCommand(program: Command, config: CliConfig): void {
  program
    .command('keys')
    .description('API keys')
    .command('create')
    .description('make a key and use it for train and recognize from now on; its secret is shown only now')
    .option('--name <name>', 'what the key is for', 'default')
    .option('--url <url>', 'the server it will be used with, where that is not the one on the data directory')
    .option('--data-dir <dir>', 'the data directory of `facehash up`', DEFAULT_DATA_DIR)
    .option('--json', 'print the key as JSON')
    .action((options: CreateOptions) => createKey(options, config));
}

/** Written straight into the storage: it asks nobody, as whoever can write there owns the server. */
async function createKey({ name, json, url, dataDir: dir }: CreateOptions, config: CliConfig): Promise<void> {
  const dataDir = openDataDir(dir);
  const storage = await openStorage(config.storageUrl ?? dataDir.storageUrl);
  const { key, secret } = await apiKeys(storage).create({ name, now: new Date() });
  await storage.close();
  await dataDir.writeCli({ keyId: key.id, secret, ...(url === undefined ? {} : { url }) });
  if (json === true) {
    console.log(JSON.stringify({ id: key.id, secret, name: key.name, created_at: key.createdAt }));
  } else {
    console.log(`Key     ${key.id}\nSecret  ${secret}`);
    console.log(`\nKeep the secret: it is shown only now. train and recognize use it from ${dataDir.path}.`);
  }
}
