import sharp from 'sharp';
import type { OpenCvModule } from '../opencv.js';
import { withMats } from '../with-mats.js';
import type { Decoder } from './decoder.js';

/**
 * libvips. The same photo must give the same landmarks with both decoders, so colour profiles are ignored, as OpenCV does, and
 * OpenCV makes the grey: sharp's own weighs linear light instead of coded values and differs by 2 levels on average.
 */
export function sharpDecoder(cv: OpenCvModule, reason: string): Decoder {
  // One thread a photo, and no cache: a photo is seen once.
  sharp.concurrency(1);
  sharp.cache(false);
  return {
    name: 'sharp',
    reason,
    async decode(image, { width, height }, reduction) {
      const { data, info } = await sharp(image, {
        failOn: 'error',
        ignoreIcc: true,
        // readImageHeader has judged the size.
        limitInputPixels: false,
      })
        .removeAlpha()
        .resize(Math.ceil(width / reduction), Math.ceil(height / reduction), {
          fit: 'fill',
          kernel: 'linear',
        })
        .toColourspace('srgb')
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      if (info.channels !== 3) throw new Error(`expected 3 channels of sharp, got ${info.channels}`);
      return withMats((own) =>
        own(new cv.Mat(data, info.height, info.width, cv.CV_8UC3)).cvtColorAsync(cv.COLOR_RGB2GRAY),
      );
    },
  };
}
