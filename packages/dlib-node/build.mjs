/**
 * Builds the addon into build/Release: `node packages/dlib-node/build.mjs [--nodedir DIR]`.
 * Does nothing when nothing that goes into the binary has changed. DIR holds Node's headers (DIR/include/node); without
 * it those beside this Node are used, or node-gyp downloads them.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const stampFile = join(here, 'build', 'stamp');
const binary = join(here, 'build', 'Release', 'dlib_node.node');
const dlibHeaders = '/usr/include/dlib';

const { values } = parseArgs({ options: { nodedir: { type: 'string' } } });
const nodeDir = values.nodedir ?? headersBesideNode();

if (!existsSync(join(dlibHeaders, 'serialize.h'))) {
  fail(`dlib's headers are not in ${dlibHeaders}. Install them: apt-get install libdlib-dev`);
}

const stamp = hashOfInputs();
if (existsSync(binary) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
  console.log('dlib-node: up to date');
} else {
  build();
  writeFileSync(stampFile, stamp);
  console.log('dlib-node: built');
}

function build() {
  const jobs = String(availableParallelism());
  const options = ['rebuild', '--silent', '--jobs', jobs, ...(nodeDir ? [`--nodedir=${nodeDir}`] : [])];
  const { status, error } = spawnSync(process.execPath, [nodeGyp(), ...options], {
    cwd: here,
    stdio: 'inherit',
  });
  if (status !== 0) {
    const why = error?.message ?? 'see the compiler’s messages above';
    fail(
      `the build failed: ${why}. It needs g++, make and python3 (apt-get install build-essential python3).`,
    );
  }
}

/** Everything that decides what the binary is: sources, build file, Node's ABI, the processor and dlib's version. */
function hashOfInputs() {
  const hash = createHash('sha256');
  const native = readdirSync(join(here, 'native')).sort();
  for (const file of ['binding.gyp', 'build.mjs', ...native.map((name) => join('native', name))]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(here, file)))
      .update('\0');
  }
  const dlibConfig = join(dlibHeaders, 'config.h'); // states the version
  hash.update(existsSync(dlibConfig) ? readFileSync(dlibConfig) : '');
  hash.update(`${process.versions.modules} ${process.arch} ${nodeAddonApiVersion()}`);
  return hash.digest('hex');
}

function nodeAddonApiVersion() {
  return require('node-addon-api').version;
}

function headersBesideNode() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? prefix : undefined;
}

/** node-gyp comes as a dependency's dependency: pnpm keeps it in its store, npm ships one of its own. */
function nodeGyp() {
  const script = join('node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const store = join(here, '..', '..', 'node_modules', '.pnpm');
  const stored = existsSync(store)
    ? readdirSync(store)
        .filter((name) => name.startsWith('node-gyp@'))
        .sort()
    : [];
  const found = [
    ...stored.map((name) => join(store, name, script)),
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', script),
    join('/usr/share/nodejs/npm', script),
    '/usr/share/nodejs/node-gyp/bin/node-gyp.js',
  ].find((path) => existsSync(path));
  return found ?? fail('node-gyp was not found. Run `npm run setup`, which installs the packages first.');
}

function fail(message) {
  console.error(`dlib-node: ${message}`);
  process.exit(1);
}
