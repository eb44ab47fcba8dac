import type { BoundingBox } from '@facehash/contracts';
import type { PictureQuality } from './quality/picture-quality.js';

/** Lengths in pixels of the upright image. */
export interface DetectedFace {
  /** May reach past the image's border. */
  readonly box: BoundingBox;
  /** 136 numbers x0, y0, x1, y1, …: the 68 points of iBUG, fractions kept. */
  readonly landmarks: Float32Array;
  /** 128 numbers, where it was asked for. */
  readonly embedding?: Float32Array;
  /** Measured on the face as it is aligned for the embedding. */
  readonly picture: PictureQuality;
}
