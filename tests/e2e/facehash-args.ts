import path from 'node:path';
import { pathToFileURL } from 'node:url';

const preload = path.join(import.meta.dirname, 'documented-fetch-everywhere.ts');
const program = path.resolve(import.meta.dirname, '../../apps/cli/src/main.ts');

/** Arguments of node before those of `facehash`, which runs from its sources and checks what the service answers it. */
export const FACEHASH_ARGS: readonly string[] = [
  ...['--conditions', 'source', '--import', 'tsx', '--import', pathToFileURL(preload).href],
  program,
];
