import type { ImageHeader } from '../image-file/image-header.js';
import type { Mat } from '../opencv.js';
import type { Reduction } from './working-image.js';

/** Turns a file into grey pixels as they are stored (orientation is not applied). */
export interface Decoder {
  readonly name: 'opencv' | 'sharp';
  /** Why this one was chosen, for the log. */
  readonly reason: string;
  /** The caller releases the matrix: ceil(width / reduction) × ceil(height / reduction), 8 bit. Throws whatever the library throws. */
  decode(image: Buffer, header: ImageHeader, reduction: Reduction): Promise<Mat>;
}
