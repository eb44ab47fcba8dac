import type { Mat, OpenCvModule } from '../opencv.js';
import type { Own } from '../with-mats.js';
import type { FaceSquare } from './face-square.js';

/**
 * The face's square becomes 300 px wide: 4 points of rank-1 on ORL over native size, and 600 px gives nothing more. The
 * border around it is what the predictor may look at outside of its box.
 */
export const BOX_PX = 300;
export const PATCH_PX = 570;
export const BORDER_PX = (PATCH_PX - BOX_PX) / 2;

export interface Patch {
  /** PATCH_PX × PATCH_PX, the face upright. */
  readonly mat: Mat;
  /** Points of the patch as points of the image it was cut from. */
  toImage(landmarks: Float32Array): Float32Array;
}

/** Turns, scales and cuts in one step; beyond the image its outermost pixels are repeated. */
export async function cutPatch(
  image: Mat,
  square: FaceSquare,
  { cv, own }: { cv: OpenCvModule; own: Own },
): Promise<Patch> {
  const scale = square.side / BOX_PX;
  const [cos, sin] = [Math.cos(square.roll) * scale, Math.sin(square.roll) * scale];
  const middle = (PATCH_PX - 1) / 2;

  const shrink = Math.max(1, Math.floor(scale));
  const source = shrink === 1 ? image : own(await shrunk(image, shrink, cv));
  const [sx, sy] = [source.cols / image.cols, source.rows / image.rows];
  // WARP_INVERSE_MAP: the matrix leads from the patch to the (shrunken) image. Pixel centres lie at whole numbers.
  const matrix = own(
    new cv.Mat(
      [
        [cos * sx, -sin * sx, (square.x + 0.5 - cos * middle + sin * middle) * sx - 0.5],
        [sin * sy, cos * sy, (square.y + 0.5 - sin * middle - cos * middle) * sy - 0.5],
      ],
      cv.CV_64F,
    ),
  );
  const mat = own(
    await source.warpAffineAsync(
      matrix,
      new cv.Size(PATCH_PX, PATCH_PX),
      (scale < 1 ? cv.INTER_CUBIC : cv.INTER_LINEAR) | cv.WARP_INVERSE_MAP,
      cv.BORDER_REPLICATE,
    ),
  );
  return {
    mat,
    toImage(landmarks) {
      const result = new Float32Array(landmarks.length);
      for (let at = 0; at < landmarks.length; at += 2) {
        const [dx, dy] = [landmarks[at]! - middle, landmarks[at + 1]! - middle];
        result[at] = square.x + cos * dx - sin * dy;
        result[at + 1] = square.y + sin * dx + cos * dy;
      }
      return result;
    },
  };
}

/** A warp takes single pixels: reducing by more than two it would skip some, so the image is averaged first. */
export function shrunk(image: Mat, factor: number, cv: OpenCvModule): Promise<Mat> {
  return image.resizeAsync(
    Math.ceil(image.rows / factor),
    Math.ceil(image.cols / factor),
    0,
    0,
    cv.INTER_AREA,
  );
}
