import type { BoundingBox } from '@facehash/contracts';
import type { LandmarkPredictor } from '@facehash/dlib-node';
import type { OpenCvModule } from './opencv.js';
import { DETECTION_PROFILES, type ProfileName } from './profiles.js';
import type { Cascades } from './stages/cascades.js';
import { decodeImage } from './stages/decode-image.js';
import type { Decoder } from './stages/decoder.js';
import { detectFaces } from './stages/detect-faces.js';
import { placeLandmarks } from './stages/place-landmarks.js';
import { boxInFull, landmarksInFull } from './stages/working-image.js';
import { withMats } from './with-mats.js';

export interface AnalyzeOptions {
  /** How the largest face is searched; not used when `maxFaces` is above 1. */
  readonly profile: ProfileName;
  /** 1 = the largest face; more = every face, found with the profile `group`. */
  readonly maxFaces: number;
}

/** Lengths in pixels of the upright image. */
export interface DetectedFace {
  /** May reach past the image's border. */
  readonly box: BoundingBox;
  /** 136 numbers x0, y0, x1, y1, …: the 68 points of iBUG, fractions kept. */
  readonly landmarks: Float32Array;
}

export interface ImageAnalysis {
  /** Size of the upright image. */
  readonly image: { readonly width: number; readonly height: number };
  /** Largest first. */
  readonly faces: readonly DetectedFace[];
  /** Every box of the search that found these faces, largest first; those beyond `maxFaces` got no landmarks. */
  readonly boxes: readonly BoundingBox[];
  /** Milliseconds by stage: decode, detect, landmarks. */
  readonly timings: Readonly<Record<string, number>>;
}

export interface AnalyzerParts {
  readonly cv: OpenCvModule;
  readonly decoder: Decoder;
  readonly predictor: LandmarkPredictor;
  readonly maxPixels: number;
}

/** Decode → detect → landmarks: everything a photo goes through. Errors as decodeImage states. */
export async function analyze(
  photo: Uint8Array,
  { profile, maxFaces }: AnalyzeOptions,
  parts: AnalyzerParts & { readonly cascades: Cascades },
): Promise<ImageAnalysis> {
  const timings: Record<string, number> = {};
  const stages = DETECTION_PROFILES[maxFaces > 1 ? 'group' : profile];
  return withMats(async (own) => {
    const image = await timed('decode', () => decodeImage(photo, { ...parts, own }));
    const boxes = await timed('detect', () => detectFaces(image.mat, stages, parts));
    const faces = await timed('landmarks', async () => {
      const placed: DetectedFace[] = [];
      for (const box of boxes.slice(0, maxFaces)) {
        const landmarks = await placeLandmarks(image.mat, box, parts);
        placed.push({ box: boxInFull(box, image), landmarks: landmarksInFull(landmarks, image) });
      }
      return placed;
    });
    return {
      image: { width: image.width, height: image.height },
      faces,
      boxes: boxes.map((box) => boxInFull(box, image)),
      timings,
    };
  });

  async function timed<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    timings[stage] = performance.now() - start;
    return result;
  }
}
