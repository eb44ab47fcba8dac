import { createRequire } from 'node:module';
import type * as OpenCv from '@u4/opencv4nodejs';

export type { CascadeClassifier, Mat, Net } from '@u4/opencv4nodejs';

/** OpenCV as bound by opencv4nodejs. Only asynchronous calls may be made: a synchronous one holds up the whole process. */
export type OpenCvModule = typeof OpenCv;

/**
 * Loads OpenCV (its libraries take a process to some 120 MB, to 57 MB where it must not decode), one thread per call: on two cores two photos side by side go 1.8 times
 * as fast as one, two threads within one photo 1.3 to 1.5 times.
 *
 * The binding takes two settings from the environment alone. Its memory tracking ends the process in a garbage collection
 * sooner or later; as it is read by C++, the process that starts a worker thread or a Jest sandbox must set it itself. The
 * other one stops it from looking for a private build of OpenCV. Its loader also greets on standard output, where the logs go.
 */
export function loadOpenCv(): OpenCvModule {
  /* eslint-disable no-restricted-properties -- the binding takes them from nowhere else */
  process.env.OPENCV4NODEJS_DISABLE_EXTERNAL_MEM_TRACKING ??= '1';
  process.env.OPENCV4NODEJS_DISABLE_AUTOBUILD ??= '1';
  /* eslint-enable no-restricted-properties */
  const require = createRequire(import.meta.url);
  const loaderLog = createRequire(require.resolve('@u4/opencv4nodejs'))('@u4/opencv-build') as {
    Log: { silence: boolean };
  };
  loaderLog.Log.silence = true;
  const cv = requireBinding(require);
  cv.setNumThreads(1);
  return cv;
}

function requireBinding(require: NodeJS.Require): OpenCvModule {
  try {
    return require('@u4/opencv4nodejs') as OpenCvModule;
  } catch (cause) {
    throw new Error('The OpenCV binding is not built, or not for this machine. Build it: npm run setup', {
      cause,
    });
  }
}

export function versionOf(cv: OpenCvModule): string {
  const { major, minor, revision } = cv.version;
  return `${major}.${minor}.${revision}`;
}
