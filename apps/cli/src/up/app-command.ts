import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

const PACKAGE_FILES = {
  gateway: () => require.resolve('@facehash/gateway/package.json'),
  worker: () => require.resolve('@facehash/worker/package.json'),
};

function folderOf(app: keyof typeof PACKAGE_FILES): string {
  try {
    return dirname(PACKAGE_FILES[app]());
  } catch (cause) {
    throw new Error(
      `The ${app} is not installed here. Images hold one app each: \`docker compose up\` starts all of them, and ` +
        '`facehash evaluate` and `facehash features` are in facehash/worker.',
      { cause },
    );
  }
}

/**
 * How to run another app, or another program of it: built when this program was built, from its sources when this one runs from its own.
 * @throws Error that says where the app is to be had, when it is not here
 */
export function appCommand(
  app: keyof typeof PACKAGE_FILES,
  entry = 'main',
): { command: string; args: string[] } {
  const folder = folderOf(app);
  const args = import.meta.url.endsWith('.ts')
    ? ['--conditions', 'source', '--import', import.meta.resolve('tsx'), join(folder, `src/${entry}.ts`)]
    : [join(folder, `dist/${entry}.js`)];
  return { command: process.execPath, args };
}
