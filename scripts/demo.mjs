/** `npm run demo`: sets up the machine, then runs the demo (scripts/demo.ts). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { repo } from './machine.mjs';
import { runAsScript, setup } from './setup.mjs';

await runAsScript(async () => {
  await setup();
  const args = ['--conditions', 'source', '--import', 'tsx', 'scripts/demo.ts', ...process.argv.slice(2)];
  const demo = spawn(process.execPath, args, { cwd: repo, stdio: 'inherit' });
  // Ctrl-C reaches the demo by itself; without a listener this process would end before the servers have.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => demo.kill('SIGTERM'));
  const [code] = await once(demo, 'exit');
  return code ?? 1;
});
