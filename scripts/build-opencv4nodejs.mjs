/**
 * Compiles @u4/opencv4nodejs against the system's OpenCV. Its own installer wants to download and build OpenCV, or fails
 * when told not to, so node-gyp is called directly on its binding.gyp.
 *
 * Only the OpenCV modules the product uses are offered to it: less to compile, and a worker that loads 28 shared
 * libraries instead of 274 (57 MB instead of 126 MB once loaded, counted on Debian 12 without the decoders).
 * The result is kept in the user's cache by everything it depends on: the next clone on the same machine takes it from there.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { cacheDir, output, repo, run } from './machine.mjs';

const VISION_MODULES = ['core', 'imgproc', 'objdetect', 'calib3d', 'features2d', 'flann', 'dnn'];
const DECODER_MODULES = ['imgcodecs', 'videoio', 'highgui'];

/** 4.10 and 4.11 leak one picture into the next and write past their heap (opencv#26488, CVE-2025-53644): no decoder is compiled in. */
const mayDecode = (version) => !/^4\.1[01]\./.test(version);

export function opencv4nodejsIsBuilt() {
  return existsSync(binary());
}

/** @param {string | undefined} nodeRoot the folder that holds include/node */
export function buildOpencv4nodejs(nodeRoot) {
  const version = output('pkg-config', ['--modversion', 'opencv4']);
  const modules = mayDecode(version) ? [...VISION_MODULES, ...DECODER_MODULES] : VISION_MODULES;
  const cached = path.join(cacheDir, 'opencv4nodejs', `${fingerprint(version, modules)}.node`);
  if (!existsSync(cached)) {
    compile(modules, nodeRoot);
    keep(binary(), cached);
  } else {
    keep(cached, binary());
  }
}

function compile(modules, nodeRoot) {
  const offered = path.join(repo, '.facehash', 'opencv');
  rmSync(offered, { recursive: true, force: true });
  run(
    process.execPath,
    [nodeGyp(), 'rebuild', '--jobs', String(cpus().length), ...(nodeRoot ? ['--nodedir', nodeRoot] : [])],
    {
      cwd: packageDir(),
      log: path.join(repo, '.facehash', 'logs', 'opencv4nodejs.log'),
      env: {
        OPENCV4NODEJS_DISABLE_AUTOBUILD: '1',
        OPENCV_INCLUDE_DIR: offerHeaders(path.join(offered, 'include'), modules),
        OPENCV_LIB_DIR: offerLibraries(path.join(offered, 'lib'), modules),
        OPENCV_BIN_DIR: '/usr/bin',
      },
    },
  );
}

/** The system's headers, but opencv_modules.hpp, which decides what the binding compiles, names the wanted modules alone. */
function offerHeaders(folder, modules) {
  const system = path.join(
    output('pkg-config', ['--variable=includedir', 'opencv4']) || '/usr/include/opencv4',
    'opencv2',
  );
  mkdirSync(path.join(folder, 'opencv2'), { recursive: true });
  for (const entry of readdirSync(system)) {
    if (entry !== 'opencv_modules.hpp')
      symlinkSync(path.join(system, entry), path.join(folder, 'opencv2', entry));
  }
  const defines = modules.map((module) => `#define HAVE_OPENCV_${module.toUpperCase()}\n`).join('');
  writeFileSync(path.join(folder, 'opencv2', 'opencv_modules.hpp'), defines);
  return folder;
}

/** A folder of links to the wanted libraries alone: the binding links all it finds. */
function offerLibraries(folder, modules) {
  const system = output('pkg-config', ['--variable=libdir', 'opencv4']);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(system)) {
    const module = /^libopencv_([a-z0-9]+)\.so/.exec(file)?.[1];
    if (module !== undefined && modules.includes(module))
      symlinkSync(path.join(system, file), path.join(folder, file));
  }
  return folder;
}

function packageDir() {
  return realpathSync(path.join(repo, 'packages', 'vision', 'node_modules', '@u4', 'opencv4nodejs'));
}

function binary() {
  return path.join(packageDir(), 'build', 'Release', 'opencv4nodejs.node');
}

/** opencv4nodejs' own node-gyp lies beside it in pnpm's store. */
function nodeGyp() {
  return path.join(packageDir(), '..', '..', 'node-gyp', 'bin', 'node-gyp.js');
}

function keep(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  copyFileSync(from, `${to}.part`);
  renameSync(`${to}.part`, to);
}

function fingerprint(version, modules) {
  const parts = [
    path.basename(packageDir()),
    packageDir().split('.pnpm')[1],
    version,
    output('g++', ['-dumpfullversion']),
    process.versions.modules,
    process.arch,
    ...modules,
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}
