import type { BoundingBox, FeatureSetName } from '@facehash/contracts';
import type { LandmarkPredictor } from '@facehash/dlib-node';
import type { EmbeddingEngine } from '@facehash/sface';
import type { DetectedFace } from './detected-face.js';
import type { Mat, OpenCvModule } from './opencv.js';
import { pictureQuality } from './quality/picture-quality.js';
import { DETECTION_PROFILES, type ProfileName } from './profiles.js';
import type { Cascades } from './stages/cascades.js';
import { alignFace } from './stages/align-face.js';
import { decodeImage } from './stages/decode-image.js';
import type { Decoder } from './stages/decoder.js';
import { detectFaces } from './stages/detect-faces.js';
import { findEmbeddedFaces, type EmbeddedFace } from './stages/gated-search.js';
import { placeLandmarks } from './stages/place-landmarks.js';
import { boxInFull, landmarksInFull } from './stages/working-image.js';
import { withMats } from './with-mats.js';

export interface AnalyzeOptions {
  /** How the largest face is searched; not used when `maxFaces` is above 1. */
  readonly profile: ProfileName;
  /** 1 = the largest face; more = every face, found with the profile `group`. */
  readonly maxFaces: number;
  /**
   * What is to be taken from the faces. With `embedding` it also judges what is a face; without `ratios` the landmarks are
   * of a single pass, good enough to be drawn.
   */
  readonly features: readonly FeatureSetName[];
}

export interface ImageAnalysis {
  /** Size of the upright image. */
  readonly image: { readonly width: number; readonly height: number };
  /** Largest first. */
  readonly faces: readonly DetectedFace[];
  /**
   * Every box of the search that found these faces, largest first; those beyond `maxFaces` got no landmarks. Where the
   * embedding judges, boxes of faces only.
   */
  readonly boxes: readonly BoundingBox[];
  /** Milliseconds by stage: decode, detect (with the embedding, where that judges), landmarks, quality. */
  readonly timings: Readonly<Record<string, number>>;
}

export interface AnalyzerParts {
  readonly cv: OpenCvModule;
  readonly decoder: Decoder;
  readonly predictor: LandmarkPredictor;
  readonly maxPixels: number;
}

/** What one photo at a time may use. */
export interface AnalyzerSlot {
  readonly cascades: Cascades;
  readonly engine: EmbeddingEngine;
}

/** Decode → detect → landmarks → embedding: everything a photo goes through. Errors as decodeImage states. */
export async function analyze(
  photo: Uint8Array,
  { profile, maxFaces, features }: AnalyzeOptions,
  parts: AnalyzerParts & AnalyzerSlot,
): Promise<ImageAnalysis> {
  const timings: Record<string, number> = {};
  const timed: Timed = async (stage, work) => {
    const start = performance.now();
    const result = await work();
    timings[stage] = performance.now() - start;
    return result;
  };
  const name = maxFaces > 1 ? 'group' : profile;
  return withMats(async (own) => {
    const image = await timed('decode', () => decodeImage(photo, { ...parts, own }));
    const found = features.includes('embedding')
      ? await gatedFaces(image.mat, { name, maxFaces, exact: features.includes('ratios') }, parts, timed)
      : await plainFaces(image.mat, { name, maxFaces }, parts, timed);
    const faces = await timed('quality', () =>
      inOrder(found.faces, async (face) => ({
        ...face,
        picture: pictureQuality(await alignFace(image.mat, face.landmarks, parts.cv)),
      })),
    );
    return {
      image: { width: image.width, height: image.height },
      faces: faces.map((face) => ({
        ...face,
        box: boxInFull(face.box, image),
        landmarks: landmarksInFull(face.landmarks, image),
      })),
      boxes: found.boxes.map((box) => boxInFull(box, image)),
      timings,
    };
  });
}

type Timed = <T>(stage: string, work: () => Promise<T>) => Promise<T>;
type Found = Pick<ImageAnalysis, 'boxes'> & { readonly faces: readonly Omit<DetectedFace, 'picture'>[] };

/** In pixels of `image`, as are the next one's. */
async function plainFaces(
  image: Mat,
  { name, maxFaces }: { name: ProfileName; maxFaces: number },
  parts: AnalyzerParts & AnalyzerSlot,
  timed: Timed,
): Promise<Found> {
  const boxes = await timed('detect', () => detectFaces(image, DETECTION_PROFILES[name].plain, parts));
  const faces = await timed('landmarks', () =>
    inOrder(boxes.slice(0, maxFaces), async (box) => ({
      box,
      landmarks: await placeLandmarks(image, box, parts),
    })),
  );
  return { faces, boxes };
}

async function gatedFaces(
  image: Mat,
  { name, maxFaces, exact }: { name: ProfileName; maxFaces: number; exact: boolean },
  parts: AnalyzerParts & AnalyzerSlot,
  timed: Timed,
): Promise<Found> {
  // Whoever enrols a person must know of others on the photo; who recognises one is glad of the first.
  const search = { stages: DETECTION_PROFILES[name].gated, all: name === 'group' || name === 'thorough' };
  const found = await timed('detect', () => findEmbeddedFaces(image, search, parts));
  const wanted = maxFaces === 1 ? found.slice(0, 1) : byWidth(found).slice(0, maxFaces);
  const faces = exact
    ? await timed('landmarks', () =>
        inOrder(wanted, async (face) => ({
          ...face,
          landmarks: await placeLandmarks(image, face.box, parts),
        })),
      )
    : wanted;
  return { faces, boxes: byWidth(found).map(({ box }) => box) };
}

const byWidth = (faces: readonly EmbeddedFace[]): EmbeddedFace[] =>
  [...faces].sort((a, b) => b.box.width - a.box.width);

/** One after the other: a slot is one core's worth of work. */
async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
