import { unreadable } from '../image-file/image-file-format.js';
import type { OpenCvModule } from '../opencv.js';
import { withMats } from '../with-mats.js';
import type { Decoder } from './decoder.js';

export function openCvDecoder(cv: OpenCvModule, reason: string): Decoder {
  // Without IGNORE_ORIENTATION OpenCV turns JPEGs by itself, and they would be turned twice.
  const flags = {
    1: cv.IMREAD_GRAYSCALE | cv.IMREAD_IGNORE_ORIENTATION,
    2: cv.IMREAD_REDUCED_GRAYSCALE_2 | cv.IMREAD_IGNORE_ORIENTATION,
    4: cv.IMREAD_REDUCED_GRAYSCALE_4 | cv.IMREAD_IGNORE_ORIENTATION,
    8: cv.IMREAD_REDUCED_GRAYSCALE_8 | cv.IMREAD_IGNORE_ORIENTATION,
  };
  return {
    name: 'opencv',
    reason,
    async decode(image, { type, width, height }, reduction) {
      // JPEG is reduced while it is decoded, without aliasing; for the others OpenCV would only skip pixels.
      const decoded = await cv.imdecodeAsync(image, flags[type === 'jpeg' ? reduction : 1]);
      // The binding keeps a bare pointer to the bytes: this use after the call keeps them from being collected during it.
      if (image.length === 0 || decoded.empty) {
        decoded.release();
        throw unreadable('OpenCV cannot decode it');
      }
      if (type === 'jpeg' || reduction === 1) return decoded;
      return withMats((own) =>
        own(decoded).resizeAsync(
          Math.ceil(height / reduction),
          Math.ceil(width / reduction),
          0,
          0,
          cv.INTER_AREA,
        ),
      );
    },
  };
}
