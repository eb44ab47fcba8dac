import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

const PACKAGE_FILES = {
  gateway: () => require.resolve('@facehash/gateway/package.json'),
  worker: () => require.resolve('@facehash/worker/package.json'),
};

/** How to run another app, or another program of it: built when this program was built, from its sources when this one runs from its own. */
export function appCommand(
  app: keyof typeof PACKAGE_FILES,
  entry = 'main',
): { command: string; args: string[] } {
  const folder = dirname(PACKAGE_FILES[app]());
  const args = import.meta.url.endsWith('.ts')
    ? ['--conditions', 'source', '--import', import.meta.resolve('tsx'), join(folder, `src/${entry}.ts`)]
    : [join(folder, `dist/${entry}.js`)];
  return { command: process.execPath, args };
}
