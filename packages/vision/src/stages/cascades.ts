import { join } from 'node:path';
import type { CascadeClassifier, OpenCvModule } from '../opencv.js';
import { CASCADE_FILES, type CascadeName } from '../profiles.js';

/** One set per photo in work: a CascadeClassifier keeps its scratch memory in itself and breaks when two calls share it. */
export type Cascades = Readonly<Record<CascadeName, CascadeClassifier>>;

export function loadCascades(cv: OpenCvModule, directory: string): Cascades {
  const load = (name: CascadeName) => new cv.CascadeClassifier(join(directory, CASCADE_FILES[name]));
  return { alt2: load('alt2'), default: load('default') };
}
