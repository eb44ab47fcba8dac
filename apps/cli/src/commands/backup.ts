import { openStorage } from '@facehash/storage';
import type { Command } from 'commander';
import { backUp } from '../backup/back-up.js';
import { figuresText } from '../backup/figures-text.js';
import { interruptible } from '../backup/interruptible.js';
import { restore } from '../backup/restore.js';
import { verifyArchive } from '../backup/verify-archive.js';
import { writeWholeFile } from '../backup/write-whole-file.js';
import type { CliConfig } from '../config.js';
import { DEFAULT_DATA_DIR, openDataDir } from '../data-dir.js';
import { createProgress } from '../progress.js';

interface BackupOptions {
  readonly dataDir: string;
  readonly key?: string;
  readonly gzip?: true;
  readonly verify?: true;
}

/** Straight from and into the storage, as `keys`; docs/backup.md says what is in it and in which order. */
export function addBackupCommands(
  program: Command,
  config: CliConfig,
  print: (text: string) => void = console.log,
): void {
  const storageOf = ({ dataDir }: { dataDir: string }) =>
    openStorage(config.storageUrl ?? openDataDir(dataDir).storageUrl);

  program
    .command('backup')
    .description(
      'write keys, people, photos, numbers and models to one file; the service may go on meanwhile',
    )
    .argument('<file>', 'a name that is not taken, or - for standard output')
    .option('--key <id>', 'only this key and what is under it')
    .option('--gzip', 'compress; photos hardly shrink')
    .option('--verify', 'check the file instead, and write nothing')
    .option('--data-dir <dir>', 'the data directory of `facehash up`', DEFAULT_DATA_DIR)
    .action(async (file: string, options: BackupOptions) => {
      if (options.verify === true) {
        await withProgress('checking', async (progress, signal) => {
          const onRead = (bytes: number, total: number) => {
            progress.show('', Math.floor((100 * bytes) / total));
          };
          const { header, keyIds, ...figures } = await verifyArchive(file, { onRead, signal });
          print(`${file} is whole: ${figuresText(figures, keyIds.size)}, of ${header.created_at}`);
        });
        return;
      }
      if (file === '-' && process.stdout.isTTY)
        throw new Error('An archive is no text for a terminal: send it to a file or a program.');
      await withProgress('backup', async (progress, signal) => {
        const storage = await storageOf(options);
        const settings = { keyId: options.key, isGzipped: options.gzip === true, progress, signal };
        const write = (to: NodeJS.WritableStream) => backUp(storage, to, settings);
        const { keys, leftOut, ...figures } = await (
          file === '-' ? write(process.stdout) : writeWholeFile(file, write)
        ).finally(() => storage.close());
        const text = `backed up ${figuresText(figures, keys)} from ${storage.description}`;
        const missing = `; left out: ${leftOut.deleted} deleted meanwhile, ${leftOut.unfinished} of trainings under way`;
        const line = leftOut.deleted + leftOut.unfinished > 0 ? text + missing : text;
        if (file === '-') console.error(line);
        else print(line);
      });
    });

  program
    .command('restore')
    .description(
      'store what `facehash backup` wrote, in a folder or on S3; the service should not run meanwhile',
    )
    .argument('<file>', 'the backup')
    .option('--beside', 'into a storage that has other keys, such as another installation')
    .option('--data-dir <dir>', 'the data directory of `facehash up`', DEFAULT_DATA_DIR)
    .action(async (file: string, options: { dataDir: string; beside?: true }) => {
      await withProgress('restore', async (progress, signal) => {
        const storage = await storageOf(options);
        const settings = { beside: options.beside === true, progress, signal };
        const { archive, written, erased } = await restore(file, storage, settings).finally(() =>
          storage.close(),
        );
        const keys = archive.keyIds.size - erased.length;
        print(`restored ${keys} key(s) in ${written} objects to ${storage.description}`);
        if (erased.length > 0) print(`not restored, as erased there since: ${erased.join(', ')}`);
        print(`Whoever was deleted after ${archive.header.created_at} is back: delete them again.`);
      });
    });
}

/** The bar is gone before anything else is said, also by whoever prints the error. */
async function withProgress(
  title: string,
  work: (progress: ReturnType<typeof createProgress>, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const progress = createProgress(title);
  await interruptible((signal) => work(progress, signal)).finally(() => {
    progress.close();
  });
}
