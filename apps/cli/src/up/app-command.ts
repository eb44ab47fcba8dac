import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** How to run another app: built when this program was built, from its sources when this program runs from its own. */
export function appCommand(app: 'gateway' | 'worker'): { command: string; args: string[] } {
  const folder = dirname(createRequire(import.meta.url).resolve(`@facehash/${app}/package.json`));
  return import.meta.url.endsWith('.ts')
    ? {
        command: process.execPath,
        args: ['--conditions', 'source', '--import', import.meta.resolve('tsx'), join(folder, 'src/main.ts')],
      }
    : { command: process.execPath, args: [join(folder, 'dist/main.js')] };
}
