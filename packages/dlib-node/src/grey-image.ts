import { types } from 'node:util';
import { DlibError } from './dlib-error.js';

/** 8 bits a pixel, row by row, no padding: `data.length === width * height`. */
export interface GreyImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * The addon trusts these numbers with its memory accesses.
 *
 * @throws DlibError `IMAGE_INVALID`
 */
export function validateImage({ data, width, height }: GreyImage): void {
  // Not instanceof: under Jest a Buffer belongs to another realm.
  if (!types.isUint8Array(data)) throw new DlibError('IMAGE_INVALID', 'Expected the pixels as a Uint8Array');
  if (!isSide(width) || !isSide(height)) {
    throw new DlibError(
      'IMAGE_INVALID',
      `Expected an image of whole pixels with at least one, got ${width} × ${height}`,
    );
  }
  if (data.length !== width * height) {
    throw new DlibError(
      'IMAGE_INVALID',
      `Expected ${width * height} grey pixels for ${width} × ${height}, got ${data.length} bytes`,
    );
  }
}

/** The addon counts pixels in 32 bits a side. */
function isSide(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value < 2 ** 32;
}
