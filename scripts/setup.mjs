/**
 * Sets up everything on a fresh Debian or Ubuntu machine with Node and npm: `npm run setup`; `npm run demo` and `npm test` call it.
 * Each step says what it does and why, and does nothing when it is done already. The images are built of single steps, so that each
 * is a layer of its own: `node scripts/setup.mjs --only compilers,pnpm`.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildOpencv4nodejs, opencv4nodejsIsBuilt } from './build-opencv4nodejs.mjs';
import { SetupError, cacheDir, has, nodeRoot, output, repo, run } from './machine.mjs';

const PNPM_VERSION = '12.21.0';
const pnpm = path.join(repo, '.tools', 'node_modules', '.bin', 'pnpm');
const landmarkModel = path.join(repo, '.facehash', 'models', 'landmarks-68.flat');
const dlibModel = '/usr/share/dlib/shape_predictor_68_face_landmarks.dat';

/** For the two native addons; nothing of it is in the images. */
const COMPILERS = {
  'g++': 'compiles the two native addons',
  make: 'drives their build',
  python3: 'node-gyp is written in it',
  'pkg-config': 'finds OpenCV',
  'libopencv-dev': 'OpenCV: Haar cascades and image operations',
  'libdlib-dev': 'dlib: reads the landmark model',
  'libdlib-data': "dlib's 68-point landmark model (non-commercial use)",
};

const SYSTEM_PACKAGES = {
  ...COMPILERS,
  'redis-server': 'the queue and the job records',
};

/** A test compiles dlib's own predictor and compares ours with it. */
const TEST_PACKAGES = {
  curl: 'runs the lines of the documents',
  'liblapack-dev': "links dlib's library into a test",
};

const packagesStep = (wanted) => ({
  what: 'system packages',
  isDone: () => missingPackages(wanted).length === 0,
  run: () => installPackages(missingPackages(wanted), wanted),
});

const STEPS = [
  {
    name: 'pnpm',
    what: `pnpm ${PNPM_VERSION} into .tools/`,
    isDone: () => output(pnpm, ['--version']) === PNPM_VERSION,
    run: () =>
      run('npm', [
        'install',
        '--silent',
        '--no-audit',
        '--no-fund',
        '--prefix',
        '.tools',
        `pnpm@${PNPM_VERSION}`,
      ]),
  },
  {
    name: 'packages',
    what: 'npm packages',
    isDone: () => stamp('install').isCurrent(lockedPackages()),
    run: () => {
      run(pnpm, ['install', '--frozen-lockfile'], { log: logFile('install'), env: { CI: 'true' } });
      stamp('install').write(lockedPackages());
    },
  },
  {
    name: 'opencv',
    what: 'opencv4nodejs against the system OpenCV (some minutes the first time)',
    isDone: opencv4nodejsIsBuilt,
    run: () => buildOpencv4nodejs(nodeRoot()),
  },
  {
    name: 'dlib',
    what: 'the dlib addon',
    isDone: () => false, // its own script knows when nothing changed
    quiet: true,
    run: () =>
      run(
        process.execPath,
        ['packages/dlib-node/build.mjs', ...(nodeRoot() ? ['--nodedir', nodeRoot()] : [])],
        { log: logFile('dlib-node') },
      ),
  },
  {
    name: 'typescript',
    what: 'TypeScript',
    isDone: () => false, // tsc knows what changed
    quiet: true,
    run: () => run(pnpm, ['run', 'build'], { log: logFile('build') }),
  },
  {
    name: 'landmarks',
    what: 'the landmark model, flattened so that workers map it into memory',
    // Made again by a newer addon, whose format may be another; it takes a second.
    isDone: () => isNewer(landmarkModel, path.join(repo, 'packages/dlib-node/build/Release/dlib_node.node')),
    run: flattenLandmarkModel,
  },
];

/** A real S3 server for the storage tests; where there is no Go those tests say that they were left out. */
const MINIO_STEP = {
  what: 'a MinIO server for the S3 tests, from its source',
  isDone: () => has('minio') || existsSync(path.join(cacheDir, 'bin', 'minio')) || !has('go'),
  run: () =>
    run('go', ['install', 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c'], {
      log: logFile('minio'),
      env: { CGO_ENABLED: '0', GOBIN: path.join(cacheDir, 'bin'), GOFLAGS: '-trimpath' },
    }),
};

const kerasFolder = path.join(cacheDir, 'keras');
const kerasRequirements = path.join(repo, 'tests', 'keras', 'requirements.txt');

/** The real Keras, which reads our model files and writes others; where there is no Python for it those tests say that they were left out. */
const KERAS_STEP = {
  what: 'Python Keras for the tests of model files (150 MB)',
  isDone: () =>
    !canHaveKeras() || contentOf(path.join(kerasFolder, 'requirements.txt')) === contentOf(kerasRequirements),
  run: () => {
    try {
      run('python3', ['-m', 'venv', '--clear', kerasFolder], { log: logFile('keras') });
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', kerasRequirements];
      run(path.join(kerasFolder, 'bin', 'python'), pip, { log: logFile('keras') });
      // Last: a set-up that was broken off is done again.
      copyFileSync(kerasRequirements, path.join(kerasFolder, 'requirements.txt'));
    } catch (error) {
      rmSync(kerasFolder, { recursive: true, force: true });
      if (process.env.FACEHASH_REQUIRE_KERAS === '1') throw error;
      console.log(`set-up: goes on without Keras: ${error.message.split('\n')[0]}`);
    }
  },
};

const canHaveKeras = () =>
  output('python3', ['-c', 'import sys, venv, ensurepip; print(sys.version_info >= (3, 11))']) === 'True';

const contentOf = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

/** @param {{ forTests?: boolean, only?: readonly string[] }} options tests need a few things more than the product; `only` names steps */
export async function setup({ forTests = false, only } = {}) {
  refuseOldNode();
  for (const step of only ? stepsNamed(only) : stepsFor(forTests)) {
    if (step.isDone()) continue;
    if (!step.quiet) console.log(`set-up: ${step.what}`);
    const started = Date.now();
    await step.run();
    if (!step.quiet)
      console.log(`set-up: ${step.what}: done in ${Math.round((Date.now() - started) / 1000)} s`);
  }
}

const stepsFor = (tests) =>
  tests
    ? [packagesStep({ ...SYSTEM_PACKAGES, ...TEST_PACKAGES }), ...STEPS, MINIO_STEP, KERAS_STEP]
    : [packagesStep(SYSTEM_PACKAGES), ...STEPS];

function stepsNamed(names) {
  const known = [{ ...packagesStep(COMPILERS), name: 'compilers' }, ...STEPS];
  return names.map((name) => {
    const step = known.find((each) => each.name === name);
    if (step) return step;
    throw new SetupError(
      `no step is called '${name}'; there are ${known.map((each) => each.name).join(', ')}.`,
    );
  });
}

/** Runs `main` and ends the process: a set-up error is one message, anything else a stack. */
export async function runAsScript(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof SetupError ? `\nset-up failed: ${error.message}` : error);
    process.exitCode = 1;
  }
}

function parseOptions() {
  const { values } = parseArgs({ options: { 'for-tests': { type: 'boolean' }, only: { type: 'string' } } });
  return { forTests: values['for-tests'] ?? false, only: values.only?.split(',') };
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupError(`Node 20.19 or newer is needed, this is ${process.versions.node}.`);
  }
}

function missingPackages(packages) {
  const wanted = Object.keys(packages);
  if (nodeRoot() === undefined && has('apt-get')) wanted.push('libnode-dev');
  return wanted.filter(
    (name) => !output('dpkg-query', ['--show', '--showformat', '${Status}', name]).endsWith(' installed'),
  );
}

function installPackages(names, reasons) {
  for (const name of names)
    console.log(`  ${name.padEnd(14)} ${reasons[name] ?? "Node's headers, for the addons"}`);
  const isRoot = process.getuid?.() === 0;
  if (!has('apt-get'))
    throw new SetupError(`this machine has no apt-get; install the equivalents of: ${names.join(' ')}`);
  if (!isRoot && !has('sudo'))
    throw new SetupError(
      `neither root nor sudo; ask an administrator for: apt-get install ${names.join(' ')}`,
    );
  const apt = (...args) =>
    run(isRoot ? 'apt-get' : 'sudo', isRoot ? args : ['apt-get', ...args], {
      log: logFile('apt'),
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...names);
}

async function flattenLandmarkModel() {
  if (!existsSync(dlibModel))
    throw new SetupError(`${dlibModel} is missing; the package libdlib-data brings it.`);
  mkdirSync(path.dirname(landmarkModel), { recursive: true });
  const { flattenLandmarkModel: flatten } = await import(
    pathToFileURL(path.join(repo, 'packages/dlib-node/dist/index.js')).href
  );
  await flatten(dlibModel, landmarkModel);
}

function isNewer(file, than) {
  return existsSync(file) && statSync(file).mtimeMs > statSync(than).mtimeMs;
}

function lockedPackages() {
  const manifests = ['apps', 'packages'].flatMap((folder) =>
    readdirSync(path.join(repo, folder)).map((name) => path.join(folder, name, 'package.json')),
  );
  return ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests].filter((file) =>
    existsSync(path.join(repo, file)),
  );
}

/** Remembers the content of files, so that a step is done again when one of them changed. */
function stamp(name) {
  const file = path.join(repo, 'node_modules', `.facehash-${name}`);
  const digest = (files) =>
    files
      .reduce((hash, each) => hash.update(readFileSync(path.join(repo, each))), createHash('sha256'))
      .digest('hex');
  return {
    isCurrent: (files) => existsSync(file) && readFileSync(file, 'utf8') === digest(files),
    write: (files) => writeFileSync(file, digest(files)),
  };
}

function logFile(name) {
  return path.join(repo, '.facehash', 'logs', `${name}.log`);
}

if (process.argv[1] === path.join(repo, 'scripts', 'setup.mjs'))
  await runAsScript(() => setup(parseOptions()));
