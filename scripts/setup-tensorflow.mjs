/**
 * Native TensorFlow for TensorFlow.js: `npm run setup:tensorflow`, with `-- --gpu` for NVIDIA cards. Optional: key models and
 * the face embedding run without it, and a worker that finds it says so and takes it (FACEHASH_BACKEND, FACEHASH_ENGINE).
 *
 * The npm package @tensorflow/tfjs-node brings no library; its installer fetches one of 2023 from a host that many networks
 * cannot reach. The wheels on PyPI hold the same C API, newer: their library goes where the package looks for it, and its
 * binding is compiled against that. Checked with TensorFlow 2.21 on Node 20, x86-64. The variant for GPUs takes the same way with
 * other wheels and has not been run by us on a card.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SetupError, has, nodeRoot, output, repo, run } from './machine.mjs';
import { runAsScript } from './setup.mjs';

const VERSION = '2.21.0';

/** Any Python's wheel has the library; one that is named gives every machine the same file. */
const WHEEL_OF = ['--only-binary=:all:', '--platform=manylinux_2_27_x86_64', '--python-version=3.11'];

/** What TensorFlow's wheel asks for as `and-cuda`. */
const NVIDIA_WHEELS = [
  'nvidia-cublas-cu12>=12.5.3.2,<13',
  'nvidia-cuda-cupti-cu12>=12.5.82,<13',
  'nvidia-cuda-nvcc-cu12>=12.5.82,<13',
  'nvidia-cuda-nvrtc-cu12>=12.5.82,<13',
  'nvidia-cuda-runtime-cu12>=12.5.82,<13',
  'nvidia-cudnn-cu12>=9.3.0.75,<10',
  'nvidia-cufft-cu12>=11.2.3.61,<12',
  'nvidia-curand-cu12>=10.3.6.82,<11',
  'nvidia-cusolver-cu12>=11.6.3.83,<12',
  'nvidia-cusparse-cu12>=12.5.1.3,<13',
  'nvidia-nccl-cu12>=2.27.7,<3',
  'nvidia-nvjitlink-cu12>=12.5.82,<13',
];

const VARIANTS = {
  cpu: { package: '@tensorflow/tfjs-node', wheels: [`tensorflow-cpu==${VERSION}`], megabytes: 270 },
  gpu: {
    package: '@tensorflow/tfjs-node-gpu',
    wheels: [`tensorflow==${VERSION}`, ...NVIDIA_WHEELS],
    megabytes: 4000,
  },
};

const modelsPackage = path.join(repo, 'packages', 'keras-models');
const logFile = (name) => path.join(repo, '.facehash', 'logs', `${name}.log`);

/** What the binding needs of the wheels: a fraction of their files. */
const UNPACK = `
import sys, zipfile
for wheel in sys.argv[2:]:
    with zipfile.ZipFile(wheel) as z:
        z.extractall(sys.argv[1], [n for n in z.namelist() if n.startswith(
            ('tensorflow/include/', 'tensorflow/libtensorflow_', 'tensorflow/THIRD_PARTY_NOTICES', 'nvidia/'))])
`;

/** Builds a layer, runs it and fails where the backend is another. */
const TINY_MODEL = (name) => `
const tf = require(${JSON.stringify(name)});
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })] });
const [sum] = model.predict(tf.tensor2d([[20, 22]])).dataSync();
if (tf.getBackend() !== 'tensorflow' || sum !== 42) throw new Error(tf.getBackend() + ' says ' + sum);
console.log('TensorFlow ' + tf.version['tfjs-node'] + (tf.backend().isUsingGpuDevice ? ' on a GPU' : ' on the CPU'));
`;

export function setupTensorflow(variant) {
  const wanted = VARIANTS[variant];
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      `native TensorFlow is set up on Linux, x86-64 only; this is ${process.platform}, ${process.arch}.`,
    );
  }
  const installed = path.join(modelsPackage, 'node_modules', ...wanted.package.split('/'));
  if (!existsSync(installed))
    throw new SetupError(`${wanted.package} is not installed; run 'npm run setup' first.`);
  const folder = realpathSync(installed);

  if (!works(wanted.package)) {
    if (!existsSync(path.join(folder, 'deps', 'lib', 'libtensorflow.so'))) placeLibrary(folder, wanted);
    compileBinding(folder);
  }
  const answer = works(wanted.package);
  if (!answer) {
    run(process.execPath, ['-e', TINY_MODEL(wanted.package)], {
      cwd: modelsPackage,
      log: logFile('tensorflow-model'),
    });
  }
  console.log(`set-up: ${answer}`);
}

/** What the tiny model says, or '' where it does not run. */
function works(name) {
  const quiet = { TF_CPP_MIN_LOG_LEVEL: '3' };
  return output(process.execPath, ['-e', TINY_MODEL(name)], { cwd: modelsPackage, env: quiet })
    .split('\n')
    .at(-1);
}

function placeLibrary(folder, { wheels, megabytes }) {
  if (output('python3', ['-m', 'pip', '--version']) === '') {
    throw new SetupError('pip is needed to fetch the wheels: apt-get install python3-pip');
  }
  const temporary = mkdtempSync(path.join(tmpdir(), 'facehash-tensorflow-'));
  try {
    console.log(`set-up: fetching TensorFlow ${VERSION} from PyPI (about ${megabytes} MB)`);
    const fetch = ['-m', 'pip', 'download', '--no-deps', '--dest', temporary, ...WHEEL_OF, ...wheels];
    run('python3', fetch, { log: logFile('tensorflow-download') });
    const files = readdirSync(temporary).map((name) => path.join(temporary, name));
    const unpacked = path.join(folder, 'unpacked');
    run('python3', ['-c', UNPACK, unpacked, ...files], { log: logFile('tensorflow-unpack') });
    layOut(unpacked, path.join(folder, 'deps'));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** As the binding's own settings and the wheels' libraries expect it: NVIDIA's folder lies beside TensorFlow's. */
function layOut(unpacked, deps) {
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(deps);
  const tensorflow = path.join(unpacked, 'tensorflow');
  renameSync(path.join(tensorflow, 'include'), path.join(deps, 'include'));
  renameSync(tensorflow, path.join(deps, 'lib'));
  const nvidia = path.join(unpacked, 'nvidia');
  if (existsSync(nvidia)) renameSync(nvidia, path.join(deps, 'nvidia'));
  rmSync(unpacked, { recursive: true });
  symlinkSync('libtensorflow_cc.so.2', path.join(deps, 'lib', 'libtensorflow.so'));
  symlinkSync('libtensorflow_framework.so.2', path.join(deps, 'lib', 'libtensorflow_framework.so'));
}

function compileBinding(folder) {
  if (!has('g++')) throw new SetupError("g++ is missing; run 'npm run setup' first.");
  console.log('set-up: compiling the binding of TensorFlow.js');
  const program = path.join(folder, 'node_modules', '.bin', 'node-pre-gyp');
  const headers = nodeRoot() ? [`--nodedir=${nodeRoot()}`] : [];
  run(program, ['install', '--build-from-source', ...headers], {
    cwd: folder,
    log: logFile('tensorflow-binding'),
  });
}

if (process.argv[1] === path.join(repo, 'scripts', 'setup-tensorflow.mjs'))
  await runAsScript(() => setupTensorflow(process.argv.includes('--gpu') ? 'gpu' : 'cpu'));
