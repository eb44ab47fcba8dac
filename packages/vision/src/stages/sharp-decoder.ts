import sharp from 'sharp';
import type { OpenCvModule } from '../opencv.js';
import type { Decoder } from './decoder.js';

/** Grey as JPEG stores it (ITU-R BT.601) and OpenCV computes it; sharp's own grey weighs linear light and lies 2 % beside. */
const LUMA: [number, number, number] = [0.299, 0.587, 0.114];

/** libvips. Colour profiles are ignored, as OpenCV ignores them: the same photo must give the same landmarks with both. */
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
        .recomb([LUMA, LUMA, LUMA])
        .extractChannel(0)
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      if (info.channels !== 1) throw new Error(`expected 1 channel of sharp, got ${info.channels}`);
      return new cv.Mat(data, info.height, info.width, cv.CV_8UC1);
    },
  };
}
