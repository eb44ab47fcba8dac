import { availableParallelism } from 'node:os';
import path from 'node:path';
import { IMAGE_LIMITS } from '@facehash/contracts';
import { createFaceAnalyzer, type FaceAnalyzer } from '@facehash/vision';

const REPO = path.resolve(import.meta.dirname, '../..');

/** As the worker opens it, a photo per core. */
export function openAnalyzer(): Promise<FaceAnalyzer> {
  return createFaceAnalyzer({
    cascadesDir: path.join(REPO, 'haarcascades'),
    landmarkModelPath: path.join(REPO, '.facehash/models/landmarks-68.flat'),
    slots: availableParallelism(),
    maxPixels: IMAGE_LIMITS.maxPixels,
  });
}
