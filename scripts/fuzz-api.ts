/**
 * `pnpm fuzz`: the whole service on this machine, and schemathesis against it with all its checks. Arguments go to
 * `schemathesis run`, as in `pnpm fuzz -- --max-examples 200`. Ends with its exit code.
 */
import { KEY_SCOPES, newAdminToken } from '@facehash/contracts';
import { drawPerson, drawPortrait } from '@facehash/testkit';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startService } from '../tests/e2e/start-service.js';

const REPO = path.dirname(import.meta.dirname);
const CONFIG = path.join(REPO, 'scripts', 'fuzz');
/** Raised by hand: another version finds other things. */
const VERSION = '4.32.5';

const program = installed();
const folder = await mkdtemp(path.join(tmpdir(), 'facehash-fuzz-'));
const adminToken = newAdminToken();
const service = await startService({ settings: { gateway: { FACEHASH_ADMIN_TOKEN: adminToken } } });
try {
  const caller = await service.newKey([...KEY_SCOPES]);
  // Somebody to recognise: without a model every photo would be refused alike.
  const photos = await Promise.all([0, 1, 2, 3].map((photo) => drawPortrait(drawPerson(1), photo)));
  await caller.ended(await caller.train('Ada', photos));
  const photo = path.join(folder, 'photo.jpg');
  await writeFile(photo, await drawPortrait(drawPerson(2), 0, { width: 320, height: 320 }));

  const fuzzing = spawn(
    program,
    [
      ...['--config-file', path.join(CONFIG, 'schemathesis.toml')],
      ...['run', `${service.url}/openapi.json`, '--checks', 'all', '--mode', 'all'],
      ...process.argv.slice(2).filter((argument) => argument !== '--'),
    ],
    {
      cwd: folder,
      stdio: 'inherit',
      env: {
        ...process.env,
        PYTHONPATH: CONFIG,
        PYTHONDONTWRITEBYTECODE: '1',
        FUZZ_KEY: caller.secret,
        FUZZ_KEY_ID: caller.keyId,
        FUZZ_ADMIN_TOKEN: adminToken,
        FUZZ_PHOTO: photo,
      },
    },
  );
  const [code] = (await once(fuzzing, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
  for (const line of service.logged()) {
    if (line.level === 50) process.stderr.write(`${JSON.stringify(line)}\n`);
  }
} finally {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
}

/** schemathesis in a folder of its own, installed where it is missing. @returns the program */
function installed(): string {
  const venv = path.join(REPO, '.facehash', `schemathesis-${VERSION}`);
  const bin = path.join(venv, 'bin', 'schemathesis');
  if (existsSync(bin)) return bin;
  const pip = path.join(venv, 'bin', 'pip');
  for (const [command, ...args] of [
    ['python3', '-m', 'venv', venv],
    [pip, 'install', '--quiet', `schemathesis==${VERSION}`],
  ] as const) {
    const { status } = spawnSync(command, args, { stdio: 'inherit' });
    if (status !== 0)
      throw new Error(`${command} ${args.join(' ')} failed: pnpm fuzz needs Python 3 with venv.`);
  }
  return bin;
}
