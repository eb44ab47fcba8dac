import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fail, ok, warn, type Check } from './check.js';
import { inRepository, type DoctorSettings } from './settings.js';

/** Of packages/dlib-node's flattened form of Debian's shape_predictor_68_face_landmarks.dat. */
const LANDMARKS_SHA256 = '046012ee5f2cf09a40284a139c94ca8b9552a94297cdad736e13b9d640acf8a4';
/** As haarcascades/README.md tells. */
const CASCADES = {
  'haarcascade_frontalface_alt2.xml': '7b0c967d9abbdfbde025eb9c786947d151b6426040d07a8f9562ed8fd90724b4',
  'haarcascade_frontalface_default.xml': '0f7d4527844eb514d4a4948e822da90fbb16a34a0bbbbc6adc6498747a5aafb0',
};
const BINDING = '@u4/opencv4nodejs';
const SETUP = 'Run npm run setup.';

/** The gateway's image comes without the worker; what workers elsewhere stand on they tell themselves. */
export const isWorkerInstalled = (): boolean => existsSync(inRepository('apps/worker/package.json'));

/** What a worker on this machine is started with. */
export const WORKER_FILE_CHECKS: readonly Check<DoctorSettings>[] = [
  {
    name: 'Landmark model',
    advice: `${SETUP} Or set FACEHASH_LANDMARK_MODEL.`,
    async run({ landmarkModelPath }) {
      if ((await sha256Of(landmarkModelPath)) === LANDMARKS_SHA256) return ok(landmarkModelPath);
      return warn(
        `${landmarkModelPath} is another one than setup makes of Debian's libdlib-data`,
        'Unless it is meant to be your own, run npm run setup: landmarks, and with them models, depend on it.',
      );
    },
  },
  {
    name: 'Haar cascades',
    advice: 'Take them from the repository, or set FACEHASH_CASCADES_DIR.',
    async run({ cascadesDir }) {
      const there = await readdir(cascadesDir);
      const advice = 'Take them from the repository.';
      const files = Object.entries(CASCADES);
      const missing = files.flatMap(([file]) => (there.includes(file) ? [] : [file]));
      if (missing.length > 0) return fail(`${cascadesDir} lacks ${missing.join(' and ')}`, advice);
      for (const [file, sha256] of files) {
        if ((await sha256Of(join(cascadesDir, file))) !== sha256) {
          return warn(`${file} is not the one that faces are found with elsewhere`, advice);
        }
      }
      return ok(cascadesDir);
    },
  },
  {
    name: 'Weights of the embedding',
    advice: 'Take packages/sface/weights from the release.',
    async run() {
      const bytes = await readFile(inRepository('packages/sface/weights/sface.weights'));
      // Its last 32 bytes are the SHA-256 of what comes before.
      const [content, checksum] = [bytes.subarray(0, -32), bytes.subarray(-32)];
      if (createHash('sha256').update(content).digest().equals(checksum)) return ok('whole');
      return fail('the file is cut or changed', 'Take packages/sface/weights from the release.');
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

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

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
