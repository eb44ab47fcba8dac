import type { AppError } from '@facehash/contracts';
import type { Command } from 'commander';
import { DEFAULT_DATA_DIR } from '../data-dir.js';

export function addConnectionOptions(command: Command): Command {
  return command
    .option('--url <url>', 'the server (default: the one that runs on the data directory)')
    .option('--key <secret>', 'the secret of an API key (default: the one made last)')
    .option('--data-dir <dir>', 'the data directory of `facehash up`', DEFAULT_DATA_DIR);
}

export function noteWait(error: AppError, seconds: number): void {
  console.error(`${error.message} Trying again in ${seconds} s …`);
}
