import { access, readdir, readFile, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, ok, warn, type Check } from './check.js';
import type { DoctorSettings } from './settings.js';

const OLDEST_NODE = 20;
const GB = 1024 ** 3;
const CASCADES = ['haarcascade_frontalface_alt2.xml', 'haarcascade_frontalface_default.xml'];
const BINDING = '@u4/opencv4nodejs';
const SETUP = 'Run npm run setup.';

export const MACHINE_CHECKS: readonly Check<DoctorSettings>[] = [
  {
    name: 'Node.js',
    advice: 'Install Node.js 20 or newer.',
    run() {
      const { node } = process.versions;
      if (Number(node.split('.')[0]) >= OLDEST_NODE) return Promise.resolve(ok(node));
      return Promise.resolve(fail(`${node}; at least ${OLDEST_NODE} is needed`, 'Install a newer one.'));
    },
  },
  {
    name: 'Disk space',
    advice: 'Start the server once, or correct FACEHASH_STORAGE_URL.',
    async run({ storageUrl, dataDir }) {
      const folder = storageUrl.startsWith('file:') ? fileURLToPath(storageUrl) : dataDir;
      const { bavail, bsize } = await statfs(await nearestThere(folder));
      const free = (bavail * bsize) / GB;
      const text = `${free.toFixed(1)} GB free at ${folder}`;
      if (free >= 1) return ok(text);
      return free < 0.1 ? fail(text, 'Make room: nothing can be stored soon.') : warn(text, 'Make room.');
    },
  },
  {
    name: 'Landmark model',
    advice: `${SETUP} Or set FACEHASH_LANDMARK_MODEL.`,
    async run({ landmarkModelPath }) {
      await access(landmarkModelPath);
      return ok(landmarkModelPath);
    },
  },
  {
    name: 'Haar cascades',
    advice: 'Take them from the repository, or set FACEHASH_CASCADES_DIR.',
    async run({ cascadesDir }) {
      const there = await readdir(cascadesDir);
      const missing = CASCADES.filter((file) => !there.includes(file));
      if (missing.length === 0) return ok(cascadesDir);
      return fail(`${cascadesDir} lacks ${missing.join(' and ')}`, 'Take them from the repository.');
    },
  },
  {
    name: 'OpenCV',
    advice: `${SETUP} It builds the binding.`,
    async run() {
      // Asked of the file which library it was linked with: loading it would bring native code into this process.
      const main = requireFrom('vision').resolve(BINDING);
      const folder = main.slice(0, main.lastIndexOf(BINDING) + BINDING.length);
      const binding = await readFile(join(folder, 'build/Release/opencv4nodejs.node'));
      const [, major, minor] = /libopencv_core\.so\.(\d)(\d+)/.exec(binding.toString('latin1')) ?? [];
      if (major === undefined || minor === undefined) return ok('built in, of a version not told');
      const version = `${major}.${Number(minor)}`;
      if (version !== '4.10' && version !== '4.11') return ok(version);
      return warn(
        `${version}, whose image decoder leaks one photo into another (opencv#26488): sharp decodes instead`,
        'Nothing must be done; any other version of OpenCV is a little faster.',
      );
    },
  },
  {
    name: 'TensorFlow.js backend',
    advice: SETUP,
    async run({ backend }) {
      const native: string[] = [];
      for (const name of ['tfjs-node-gpu', 'tfjs-node']) if (await isNativeBuilt(name)) native.push(name);
      if (backend === 'tensorflow' && native.length === 0) {
        return fail(
          'native TensorFlow is wanted and not installed',
          'Run npm run setup:tensorflow, or set FACEHASH_BACKEND=auto.',
        );
      }
      return ok(`${backend}, of ${[...native, 'WASM', 'plain CPU'].join(', ')}`);
    },
  },
];

/** Resolves as a package of the repository does, whose dependencies the command line does not share. */
function requireFrom(packageName: string): NodeJS.Require {
  return createRequire(new URL(`../../../../packages/${packageName}/package.json`, import.meta.url));
}

/** The package is often there without its library, which comes from a host of its own. */
async function isNativeBuilt(name: string): Promise<boolean> {
  try {
    const main = requireFrom('keras-models').resolve(`@tensorflow/${name}`);
    const folder = main.slice(0, main.lastIndexOf(name) + name.length);
    return (await readdir(join(folder, 'lib'))).some((entry) => entry.startsWith('napi-v'));
  } catch {
    return false;
  }
}

/** A folder that nothing was stored in yet does not exist; its disk does. */
async function nearestThere(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const isThere = await access(at).then(
      () => true,
      () => false,
    );
    if (isThere || at === dirname(at)) return at;
  }
}
