import type { BoundingBox } from '@facehash/contracts';
import type { LandmarkPredictor } from '@facehash/dlib-node';
import { EMBEDDING_SIZE, type EmbeddingEngine } from '@facehash/sface';
import type { Mat, OpenCvModule } from '../opencv.js';
import type { GatedStage } from '../profiles.js';
import { alignFace } from './align-face.js';
import type { Cascades } from './cascades.js';
import { searchOnce } from './detect-faces.js';
import { squareFromBox } from './face-square.js';

/**
 * The length of an embedding tells a face: good ones have 12.4 in the median and 8.9 at the lowest thousandth, 600 crops without a
 * face 3.5 and at most 7.1 (2026-11). From `sure` on no better box is looked for.
 */
const GATE = { face: 8, sure: 10 };

/** Overlap (intersection over union) above which a box shows what another one has shown. */
const SAME_CROP = 0.75;
/** Above which two faces that passed are one. */
const SAME_FACE = 0.3;

export interface EmbeddedFace {
  readonly box: BoundingBox;
  /** By one pass over the image as it is: enough to align a face, not for ratios. */
  readonly landmarks: Float32Array;
  readonly embedding: Float32Array;
}

export interface GatedSearchParts {
  readonly cv: OpenCvModule;
  readonly cascades: Cascades;
  readonly predictor: LandmarkPredictor;
  readonly engine: EmbeddingEngine;
}

/**
 * The faces of an image, best first: sure ones by their width, then the others by the length of their embedding. Lengths in pixels
 * of `image`. Stages are run until one has a sure face; of that stage `all` boxes are judged, together, or only the widest ones
 * one by one until one is sure.
 */
export async function findEmbeddedFaces(
  image: Mat,
  { stages, all }: { stages: readonly GatedStage[]; all: boolean },
  parts: GatedSearchParts,
): Promise<EmbeddedFace[]> {
  const judge = await createJudge(image, parts);
  const tried: BoundingBox[] = [];
  const faces: EmbeddedFace[] = [];
  for (const stage of stages) {
    const boxes = (await searchOnce(image, stage, parts)).slice(0, stage.boxes).filter((box) => {
      const isNew = !tried.some((other) => overlap(other, box) > SAME_CROP);
      if (isNew) tried.push(box);
      return isNew;
    });
    for (const together of all ? [boxes] : boxes.map((box) => [box])) {
      faces.push(...(await judge(together)).filter(({ embedding }) => lengthOf(embedding) >= GATE.face));
      if (!all && faces.some(isSure)) return ranked(faces);
    }
    if (faces.some(isSure)) break;
  }
  return ranked(faces);
}

function ranked(faces: readonly EmbeddedFace[]): EmbeddedFace[] {
  const byLength = [...faces].sort((a, b) => lengthOf(b.embedding) - lengthOf(a.embedding));
  const distinct = apart(byLength);
  const [sure, unsure] = [distinct.filter(isSure), distinct.filter((face) => !isSure(face))];
  return [...sure.sort((a, b) => b.box.width - a.box.width), ...unsure];
}

const isSure = ({ embedding }: EmbeddedFace): boolean => lengthOf(embedding) >= GATE.sure;

async function createJudge(image: Mat, { cv, predictor, engine }: GatedSearchParts) {
  const grey = { data: await image.getDataAsync(), width: image.cols, height: image.rows };
  return async (boxes: readonly BoundingBox[]): Promise<EmbeddedFace[]> => {
    const squares = boxes.map((box) => {
      const { x, y, side } = squareFromBox(box);
      return { left: x - side / 2, top: y - side / 2, width: side, height: side };
    });
    const landmarks = await predictor.predict(grey, squares);
    const aligned = await Promise.all(landmarks.map((points) => alignFace(image, points, cv)));
    const embeddings = await engine.embed(Buffer.concat(aligned));
    return boxes.map((box, at) => ({
      box,
      landmarks: landmarks[at]!,
      embedding: embeddings.slice(at * EMBEDDING_SIZE, (at + 1) * EMBEDDING_SIZE),
    }));
  };
}

const lengthOf = (embedding: Float32Array): number => Math.hypot(...embedding);

/** Leaves out what overlaps one that came before. */
function apart(faces: readonly EmbeddedFace[]): EmbeddedFace[] {
  const kept: EmbeddedFace[] = [];
  for (const face of faces) {
    if (!kept.some(({ box }) => overlap(box, face.box) > SAME_FACE)) kept.push(face);
  }
  return kept;
}

/** Intersection over union. */
export function overlap(a: BoundingBox, b: BoundingBox): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / (a.width * a.height + b.width * b.height - both);
}
