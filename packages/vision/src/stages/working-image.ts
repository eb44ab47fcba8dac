import type { BoundingBox } from '@facehash/contracts';
import type { Mat } from '../opencv.js';

/** A photo as the stages see it: upright, grey, 8 bit, at a reduced size. */
export interface WorkingImage {
  readonly mat: Mat;
  /** Size of the upright photo in full. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the photo in full per pixel of `mat`. */
  readonly scale: number;
}

/**
 * Photos are decoded at 1/1, 1/2, 1/4 or 1/8, the smallest that keeps this longest side: a face of 15 % of the short side
 * of a 3:4 photo then still has 144 pixels for the landmarks, and the search for faces (640) shrinks by less than four.
 */
const WORKING_SIDE = 1280;

export type Reduction = 1 | 2 | 4 | 8;

export function reductionFor(width: number, height: number): Reduction {
  const longest = Math.max(width, height);
  const fits = (reduction: Reduction) => longest / reduction >= WORKING_SIDE;
  return fits(8) ? 8 : fits(4) ? 4 : fits(2) ? 2 : 1;
}

export function boxInFull(box: BoundingBox, { scale }: WorkingImage): BoundingBox {
  return {
    left: box.left * scale,
    top: box.top * scale,
    width: box.width * scale,
    height: box.height * scale,
  };
}

/** Boxes count from the edge of the first pixel, points from its centre; hence the halves. */
export function landmarksInFull(landmarks: Float32Array, { scale }: WorkingImage): Float32Array {
  return landmarks.map((value) => (value + 0.5) * scale - 0.5);
}
