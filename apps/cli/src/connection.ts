import type { CliConfig } from './config.js';
import { openDataDir } from './data-dir.js';

export interface ConnectionOptions {
  readonly url?: string;
  readonly key?: string;
  readonly dataDir: string;
}

/**
 * Which server and which key: the option, else the environment, else what `up` and `keys create` left in the data
 * directory.
 * @throws Error that says how to get what is missing
 */
export async function findServer(
  options: ConnectionOptions,
  config: CliConfig,
): Promise<{ url: string; key: string }> {
  const dataDir = openDataDir(options.dataDir);
  const remembered = await dataDir.readCli();
  const url = options.url ?? config.url ?? remembered?.url ?? (await dataDir.readUp())?.url;
  if (url === undefined) {
    throw new Error(
      `No server runs on ${dataDir.path}: start one with \`facehash up\`, or give its address with --url.`,
    );
  }
  const key = options.key ?? config.secret ?? remembered?.secret;
  if (key === undefined) {
    throw new Error(
      'No API key: make one with `facehash keys create`, or give its secret with --key or FACEHASH_KEY.',
    );
  }
  return { url, key };
}
