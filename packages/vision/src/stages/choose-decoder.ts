import type { OpenCvModule } from '../opencv.js';
import type { Decoder } from './decoder.js';
import { openCvDecoder } from './opencv-decoder.js';
import { sharpDecoder } from './sharp-decoder.js';

/**
 * OpenCV decodes, as it costs about a third of sharp (bench/vision.ts) — except in 4.10 and 4.11, which can show parts
 * of the picture decoded before (opencv#26488) and write past their memory (CVE-2025-53644). Debian 13 has 4.10.
 */
export function chooseDecoder(cv: OpenCvModule): Decoder {
  const { major, minor } = cv.version;
  const version = `OpenCV ${major}.${minor}`;
  return major === 4 && (minor === 10 || minor === 11)
    ? sharpDecoder(cv, `${version} must not decode (CVE-2025-53644)`)
    : openCvDecoder(cv, `${version} decodes grey at reduced size for less than sharp`);
}
