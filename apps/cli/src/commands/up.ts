import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { CliConfig } from '../config.js';
import { DEFAULT_DATA_DIR, openDataDir } from '../data-dir.js';
import { startServer } from '../up/start-server.js';
import { wholeNumber } from './whole-number.js';

/** A worker computes one photo at a time on one core; a core is left for the gateway, Redis and the rest. */
const DEFAULT_WORKERS = Math.max(1, availableParallelism() - 1);

export function addUpCommand(program: Command, config: CliConfig): void {
  program
    .command('up')
    .description('start everything on this machine: Redis, the gateway and the workers; Ctrl-C stops them')
    .option('--port <port>', 'where the gateway listens; 0 takes a free one', wholeNumber(0, 65_535), 8080)
    .option(
      '--workers <n>',
      'worker processes, one photo at a time each',
      wholeNumber(1, 64),
      DEFAULT_WORKERS,
    )
    .option('--data-dir <dir>', 'where keys, photos, models and jobs are kept', DEFAULT_DATA_DIR)
    .action(async (options: { port: number; workers: number; dataDir: string }) => {
      const dataDir = openDataDir(options.dataDir);
      const stopWanted = firstSignal();
      const server = await startServer({
        dataDir,
        port: options.port,
        workers: options.workers,
        storageUrl: config.storageUrl ?? dataDir.storageUrl,
        environment: config.environment,
        print: (line) => {
          console.log(line);
        },
      });
      console.log(`\nFaceHash answers at ${server.url}; Ctrl-C stops it. Data: ${dataDir.path}\n`);
      await stopWanted;
      console.log('\nstopping …');
      await server.stop();
    });
}

/** Later signals do nothing: whoever presses Ctrl-C twice would leave processes behind. They all end within the grace time. */
function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve();
      });
    }
  });
}
