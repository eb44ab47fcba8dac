import { FACE_SIDE } from '@facehash/sface';

/** What an aligned face tells about the picture it was cut from. */
export interface PictureQuality {
  /**
   * Variance of the Laplacian over the variance of the grey values themselves, so that contrast cancels out. Low where the picture
   * is out of focus, shaken, enlarged or strongly compressed.
   */
  readonly sharpness: number;
  /** Mean grey value of the face, 0 (black) to 1 (white). */
  readonly brightness: number;
  /** Standard deviation of the grey values, on the same scale. */
  readonly contrast: number;
  /** Share of the pixels that are black or white through and through, in which nothing can be seen. */
  readonly clipped: number;
}

/** Eyes to chin of an aligned face, without hair and background: what is measured is the face. */
const INNER: Readonly<Record<'left' | 'top' | 'right' | 'bottom', number>> = {
  ...{ left: 24, top: 36 },
  ...{ right: 88, bottom: 104 },
};

/** JPEG turns 0 and 255 into their neighbours. */
const BLACK = 3;
const WHITE = 252;

/** @param aligned FACE_SIDE × FACE_SIDE grey values, row-major, of an upright face (`alignFace`) */
export function pictureQuality(aligned: Uint8Array): PictureQuality {
  const grey = moments();
  const laplacian = moments();
  let clipped = 0;
  for (let y = INNER.top; y < INNER.bottom; y++) {
    for (let x = INNER.left; x < INNER.right; x++) {
      const at = y * FACE_SIDE + x;
      const value = aligned[at]!;
      grey.add(value);
      if (value <= BLACK || value >= WHITE) clipped++;
      laplacian.add(
        aligned[at - 1]! + aligned[at + 1]! + aligned[at - FACE_SIDE]! + aligned[at + FACE_SIDE]! - 4 * value,
      );
    }
  }
  const variance = grey.variance();
  return {
    // A face of one grey value has nothing that could be sharp.
    sharpness: variance === 0 ? 0 : laplacian.variance() / variance,
    brightness: grey.mean() / 255,
    contrast: Math.sqrt(variance) / 255,
    clipped: clipped / ((INNER.right - INNER.left) * (INNER.bottom - INNER.top)),
  };
}

function moments() {
  let [count, sum, squares] = [0, 0, 0];
  return {
    add(value: number): void {
      count++;
      sum += value;
      squares += value * value;
    },
    mean: () => sum / count,
    variance: () => Math.max(0, squares / count - (sum / count) ** 2),
  };
}
