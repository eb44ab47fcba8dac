import { AppError, sniffImageType, type ImageType } from '@facehash/contracts';
import type { ImageFileFormat, StoredImage } from './image-file-format.js';
import { jpegFile } from './jpeg-file.js';
import { pngFile } from './png-file.js';
import { unreadable } from './image-file-format.js';
import { webpFile } from './webp-file.js';

export interface ImageHeader extends StoredImage {
  readonly type: ImageType;
}

export const IMAGE_FILE_FORMATS: Readonly<Record<ImageType, ImageFileFormat>> = {
  jpeg: jpegFile,
  png: pngFile,
  webp: webpFile,
};

/** The type by magic bytes. Throws AppError IMAGE_EMPTY or IMAGE_TYPE_UNSUPPORTED. */
export function imageTypeOf(image: Uint8Array): ImageType {
  if (image.length === 0) {
    throw new AppError('IMAGE_EMPTY', 'Expected the bytes of an image, but there are none.');
  }
  const type = sniffImageType(image);
  if (type === undefined) {
    throw new AppError(
      'IMAGE_TYPE_UNSUPPORTED',
      'Expected a JPEG, PNG or WebP image; the first bytes belong to none of them.',
    );
  }
  return type;
}

/**
 * Type, stored size and orientation, read from the file's structure without decoding a pixel.
 * Throws AppError IMAGE_EMPTY, IMAGE_TYPE_UNSUPPORTED, IMAGE_UNREADABLE (also for a file cut short) or
 * IMAGE_TOO_MANY_PIXELS: a few hundred kilobytes of PNG can unfold into gigabytes.
 */
export function readImageHeader(image: Uint8Array, maxPixels: number): ImageHeader {
  const type = imageTypeOf(image);
  const stored = IMAGE_FILE_FORMATS[type].readStored(asBuffer(image));
  const pixels = stored.width * stored.height;
  if (pixels === 0) throw unreadable('its header states a size of zero');
  if (pixels > maxPixels) {
    throw new AppError(
      'IMAGE_TOO_MANY_PIXELS',
      `Expected at most ${maxPixels} pixels, but the image has ${stored.width} × ${stored.height}; send a smaller one.`,
    );
  }
  return { type, ...stored };
}

/** The same memory, with Node's readers. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
