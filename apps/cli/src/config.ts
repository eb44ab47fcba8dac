import { withSecretFiles } from '@facehash/contracts';
import { readFileSync } from 'node:fs';

/** What the environment says; a command's options win over it. */
export interface CliConfig {
  /** FACEHASH_URL: the server that `train` and `recognize` talk to. */
  readonly url: string | undefined;
  /** FACEHASH_KEY: the secret of an API key. */
  readonly secret: string | undefined;
  /** FACEHASH_STORAGE_URL: where `up` and `keys` store, instead of a folder under the data directory. */
  readonly storageUrl: string | undefined;
  /** Handed on to the processes that `up` starts, so that their own settings can be set where it is started. */
  readonly environment: Readonly<NodeJS.ProcessEnv>;
}

/** @throws Error with a line per setting whose file cannot be read */
export function readConfig(given: NodeJS.ProcessEnv = process.env): CliConfig {
  const env = withSecretFiles(given, (path) => readFileSync(path, 'utf8'));
  return {
    url: env.FACEHASH_URL,
    secret: env.FACEHASH_KEY,
    storageUrl: env.FACEHASH_STORAGE_URL,
    environment: env,
  };
}
