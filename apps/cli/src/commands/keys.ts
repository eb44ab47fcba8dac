import {
  AS_THE_INSTALLATION,
  DEFAULT_GRACE_S,
  FIT_METHODS,
  MAX_GRACE_S,
  MAX_KEY_LIMIT,
  ON_TRAINING,
  toKeyResource,
  type ApiKey,
} from '@facehash/contracts';
import { apiKeys, keyErasures, openStorage, type ApiKeys, type KeyErasures } from '@facehash/storage';
import { Option, type Command } from 'commander';
import type { CliConfig } from '../config.js';
import { DEFAULT_DATA_DIR, openDataDir, type DataDir } from '../data-dir.js';
import { printKeys } from './print-keys.js';
import { addRetentionOptions, AS_EVERY_KEY, retentionIn } from './retention-options.js';
import { wholeNumber } from './whole-number.js';

interface KeysOptions {
  readonly json?: true;
  readonly dataDir: string;
}

type CreateOptions = KeysOptions &
  Pick<ApiKey, 'onTraining' | 'fit'> & {
    name: string;
    url?: string;
    requestsPerMinute?: number;
    openJobs?: number;
    requireConsent?: true;
    audit?: true;
  };

type SetOptions = KeysOptions &
  Partial<
    Pick<ApiKey, 'onTraining' | 'fit' | 'requireConsent' | 'audit'> & {
      requestsPerMinute: LimitOption;
      openJobs: LimitOption;
    }
  >;

type Print = (text: string) => void;

/** Gateways remember a key for some seconds. */
const EVERYWHERE = 'everywhere within 5 s';

/** Straight into the storage: they ask nobody, as whoever can write there owns the server. */
export function addKeysCommand(program: Command, config: CliConfig, print: Print = console.log): void {
  const keys = program.command('keys').description('API keys');
  const add = (usage: string, description: string): Command =>
    keys
      .command(usage)
      .description(description)
      .option('--data-dir <dir>', 'the data directory of `facehash up`', DEFAULT_DATA_DIR)
      .option('--json', 'print JSON');
  const within = async <T>(
    { dataDir: dir }: KeysOptions,
    work: (keys: ApiKeys, dataDir: DataDir, erasures: KeyErasures) => Promise<T>,
  ): Promise<T> => {
    const dataDir = openDataDir(dir);
    const storage = await openStorage(config.storageUrl ?? dataDir.storageUrl);
    return work(apiKeys(storage), dataDir, keyErasures(storage)).finally(() => storage.close());
  };

  addRetentionOptions(
    add('create', 'make a key and use it for train and recognize from now on; its secret is shown only now'),
  )
    .option('--name <name>', 'what the key is for', 'default')
    .option('--url <url>', 'the server it will be used with, where that is not the one on the data directory')
    .addOption(onTraining().default('reject'))
    .addOption(fitMethod().default('closed_form'))
    .option('--require-consent', 'enrol nobody without a record of consent')
    .option('--audit', 'write down who is recognised, and who asked')
    .option(
      '--requests-per-minute <n>',
      'where not as every key; 0 = no limit',
      wholeNumber(0, MAX_KEY_LIMIT),
    )
    .option('--open-jobs <n>', 'at once, where not as every key; 0 = no limit', wholeNumber(0, MAX_KEY_LIMIT))
    .action((options: CreateOptions) =>
      within(options, async (keys, dataDir) => {
        const { name, url, onTraining, fit, requestsPerMinute = null, openJobs = null } = options;
        const { requireConsent = false, audit = false } = options;
        const limits = { requestsPerMinute, openJobs };
        const retention = { ...AS_THE_INSTALLATION, ...retentionIn(options) };
        const asked = { name, onTraining, fit, requireConsent, audit, limits, retention };
        const { key, secret } = await keys.create({ ...asked, now: new Date() });
        const file = { keyId: key.id, secret, ...(url === undefined ? {} : { url }) };
        const isKept = await dataDir.writeCli(file);
        if (options.json === true) {
          print(JSON.stringify({ id: key.id, secret, name: key.name, created_at: key.createdAt }));
        } else {
          print(`Key     ${key.id}\nSecret  ${secret}`);
          const use = isKept
            ? `train and recognize use it from ${dataDir.path}`
            : 'give it to train and recognize by FACEHASH_KEY';
          print(`\nKeep the secret: it is shown only now; ${use}.`);
        }
      }),
    );

  add('list', 'show every key, without its secrets').action((options: KeysOptions) =>
    within(options, (keys) => printKeys(keys.list(), print, { json: options.json === true })),
  );

  addRetentionOptions(add('set', 'change a key; what is not named stays'))
    .argument('<id>', 'the key, as `keys list` shows it')
    .addOption(onTraining())
    .addOption(fitMethod())
    .option('--require-consent', 'enrol nobody without a record of consent')
    .option('--no-require-consent', 'ask for no record of consent')
    .option('--audit', 'write down who is recognised, and who asked')
    .option('--no-audit', 'write it down no more')
    .option('--requests-per-minute <n>', `0 = no limit, ${AS_EVERY_KEY} = as every key`, limitOrDefault)
    .option('--open-jobs <n>', `at once; 0 = no limit, ${AS_EVERY_KEY} = as every key`, limitOrDefault)
    .action((id: string, options: SetOptions) =>
      within(options, async (keys) => {
        const { onTraining, fit, requireConsent, audit, requestsPerMinute, openJobs } = options;
        const limits = {
          ...(requestsPerMinute !== undefined && { requestsPerMinute: asStored(requestsPerMinute) }),
          ...(openJobs !== undefined && { openJobs: asStored(openJobs) }),
        };
        const retention = retentionIn(options);
        const change = {
          ...(onTraining !== undefined && { onTraining }),
          ...(fit !== undefined && { fit }),
          ...(requireConsent !== undefined && { requireConsent }),
          ...(audit !== undefined && { audit }),
          ...(Object.keys(retention).length > 0 && { retention }),
        };
        if (Object.keys({ ...change, ...limits }).length === 0) {
          throw new Error('Expected something to change, such as --on-training or --requests-per-minute.');
        }
        const key = toKeyResource(await keys.change(id, { ...change, limits }));
        print(options.json === true ? JSON.stringify(key) : `${id} is changed, ${EVERYWHERE}.`);
      }),
    );

  add('rotate', 'give a key a new secret, shown only now; the old one lives on for the grace time')
    .argument('<id>', 'the key, as `keys list` shows it')
    .option(
      '--grace-seconds <seconds>',
      'how long the old secret lives on',
      wholeNumber(0, MAX_GRACE_S),
      DEFAULT_GRACE_S,
    )
    .action((id: string, options: KeysOptions & { graceSeconds: number }) =>
      within(options, async (keys, dataDir) => {
        const { graceSeconds } = options;
        const { key, secret } = await keys.rotate(id, { now: new Date(), graceSeconds });
        // train and recognize would fail once the grace time is over.
        const inUse = await dataDir.readCli();
        if (inUse?.keyId === id) await dataDir.writeCli({ ...inUse, secret });
        if (options.json === true) {
          print(JSON.stringify({ ...toKeyResource(key), secret }));
        } else {
          print(`Key     ${key.id}\nSecret  ${secret}`);
          print(`\nKeep the secret: it is shown only now. The old one ${endsAt(key.secrets[1]?.expiresAt)}.`);
        }
      }),
    );

  add('revoke', 'end a key and its secrets for good')
    .argument('<id>', 'the key, as `keys list` shows it')
    .action((id: string, options: KeysOptions) =>
      within(options, async (keys) => {
        const key = toKeyResource(await keys.revoke(id, new Date()));
        print(options.json === true ? JSON.stringify(key) : `${id} is revoked, ${EVERYWHERE}.`);
      }),
    );

  add('erase', 'end a key and delete everything under it for good: people, photos, models, jobs')
    .argument('<id>', 'the key, as `keys list` shows it')
    .requiredOption('--confirm <id>', 'the key once more, since nothing brings its data back')
    .action((id: string, options: KeysOptions & { confirm: string }) =>
      within(options, async (keys, _dataDir, erasures) => {
        if (options.confirm !== id) {
          throw new Error(`--confirm: expected ${id}; ${options.confirm} came. Nothing was deleted.`);
        }
        let erasure = await erasures.get(id);
        if (erasure === undefined) {
          await keys.revoke(id, new Date());
          erasure = await erasures.request(id, new Date());
        }
        if (options.json === true) print(JSON.stringify(erasure));
        else if (erasure.status === 'done') print(`${id} was erased at ${String(erasure.completed_at)}.`);
        else
          print(
            `${id} is revoked, ${EVERYWHERE}; a worker deletes its data at its next sweep, within 15 minutes.`,
          );
      }),
    );
}

type LimitOption = number | typeof AS_EVERY_KEY;
const limitOrDefault = (text: string): LimitOption =>
  text === AS_EVERY_KEY ? text : wholeNumber(0, MAX_KEY_LIMIT)(text);
const asStored = (option: LimitOption): number | null => (option === AS_EVERY_KEY ? null : option);

const fitMethod = (): Option =>
  new Option('--fit <method>', 'how its model is fitted, from the next training on').choices(FIT_METHODS);

const onTraining = (): Option =>
  new Option('--on-training <mode>', 'what a request meets while the model is trained').choices(ON_TRAINING);

const endsAt = (time: string | null | undefined): string =>
  time === null || time === undefined ? `ends now, ${EVERYWHERE}` : `ends at ${time}`;
