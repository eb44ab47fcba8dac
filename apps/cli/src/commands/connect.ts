import { createClient, type Client, type FaceHashError } from '@facehash/client';
import type { Command } from 'commander';
import type { CliConfig } from '../config.js';
import { findServer, type ConnectionOptions } from '../connection.js';
import { DEFAULT_DATA_DIR } from '../data-dir.js';

/** The options of every command that talks to a server. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option('--url <url>', 'the server (default: the one that runs on the data directory)')
    .option('--key <secret>', 'the secret of an API key (default: the one made last)')
    .option('--data-dir <dir>', 'the data directory of `facehash up`', DEFAULT_DATA_DIR);
}

export async function connect(options: ConnectionOptions, config: CliConfig): Promise<Client> {
  return createClient({ ...(await findServer(options, config)), onRetry: noteWait });
}

function noteWait(error: FaceHashError, seconds: number): void {
  console.error(`${error.message} Trying again in ${seconds} s …`);
}
