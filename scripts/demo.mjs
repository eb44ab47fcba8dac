/** `npm run demo`: sets up the machine, then runs the demo (scripts/demo.ts). */
import { spawnSync } from 'node:child_process';
import { repo } from './machine.mjs';
import { runAsScript, setup } from './setup.mjs';

await runAsScript(async () => {
  await setup();
  const { status } = spawnSync(
    'node_modules/.bin/tsx',
    ['--conditions', 'source', 'scripts/demo.ts', ...process.argv.slice(2)],
    {
      cwd: repo,
      stdio: 'inherit',
    },
  );
  return status ?? 1;
});
