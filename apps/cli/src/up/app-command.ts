import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** How to run another app: built when this program was built, from its sources when this one runs from its own. */
export function appCommand(app: 'gateway' | 'worker'): { command: string; args: string[] } {
  const folder = dirname(createRequire(import.meta.url).resolve(`@facehash/${app}/package.json`));
  const args = import.meta.url.endsWith('.ts')
    ? ['--conditions', 'source', '--import', import.meta.resolve('tsx'), join(folder, 'src/main.ts')]
    : [join(folder, 'dist/main.js')];
  return { command: process.execPath, args };
}
