import { asBuffer, IMAGE_FILE_FORMATS, imageTypeOf } from './image-header.js';

/**
 * The same picture without what it tells about its maker: EXIF (place, time, camera), XMP, IPTC, comments, texts,
 * thumbnails and whatever follows the picture. Pixels are copied, not coded again; orientation and colour profile stay.
 * Throws AppError IMAGE_EMPTY, IMAGE_TYPE_UNSUPPORTED or IMAGE_UNREADABLE.
 */
export function stripMetadata(image: Uint8Array): Uint8Array {
  return IMAGE_FILE_FORMATS[imageTypeOf(image)].withoutMetadata(asBuffer(image));
}
