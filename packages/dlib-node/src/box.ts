import { DlibError } from './dlib-error.js';
import type { GreyImage } from './grey-image.js';

/** A rectangle in pixels, fractions allowed; it may leave the image in part, dlib reads black there. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A side below one pixel is refused because dlib's rectangle of width w spans w − 1: it would come out mirrored.
 *
 * @throws DlibError `BOX_INVALID`
 */
export function validateBox(box: Box, image: Pick<GreyImage, 'width' | 'height'>): void {
  const { left, top, width, height } = box;
  const shown = `left ${left}, top ${top}, ${width} × ${height}`;
  if (![left, top, width, height].every(Number.isFinite)) {
    throw new DlibError('BOX_INVALID', `Expected a box of finite numbers, got ${shown}`);
  }
  if (width < 1 || height < 1) {
    throw new DlibError('BOX_INVALID', `Expected a box of at least one pixel a side, got ${shown}`);
  }
  if (left >= image.width || top >= image.height || left + width <= 0 || top + height <= 0) {
    throw new DlibError(
      'BOX_INVALID',
      `Expected a box that touches the image of ${image.width} × ${image.height}, got ${shown}`,
    );
  }
}

/** Four numbers a box: left, top, width, height. */
export function packBoxes(boxes: readonly Box[]): Float64Array {
  return Float64Array.from(boxes.flatMap(({ left, top, width, height }) => [left, top, width, height]));
}
