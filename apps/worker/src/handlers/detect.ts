import { FEATURE_SET_NAMES } from '@facehash/contracts';
import type { JobHandler } from '@facehash/jobs';
import { uploads, type ObjectStorage } from '@facehash/storage';
import type { FaceAnalyzer } from '@facehash/vision';
import { faceAnswer } from '../face-answer.js';

export interface DetectDependencies {
  readonly storage: ObjectStorage;
  readonly analyzer: FaceAnalyzer;
}

/** Where the faces of a photo are. Needs no model. */
export function detectHandler({ storage, analyzer }: DetectDependencies): JobHandler<'detect'> {
  const deletePhoto = ({ uploadKey }: { uploadKey: string }) => uploads(storage).delete(uploadKey);
  return {
    async run({ uploadKey, maxFaces, profile = 'balanced' }, { signal }) {
      const photo = await storage.get(uploadKey);
      signal.throwIfAborted();
      const { image, faces, timings } = await analyzer.analyze(photo, {
        profile,
        maxFaces,
        // The embedding tells a face from what only looks like one to a cascade; ratios want the landmarks exact.
        features: FEATURE_SET_NAMES,
      });
      return { result: { image, faces: faces.map(faceAnswer), timings }, model: null };
    },

    afterSuccess: deletePhoto,
    cleanUp: deletePhoto,
  };
}
