import sharp from 'sharp';
import type { Exposure } from './photo.js';
import { randomFrom } from './random.js';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** From drawing to photo: rasterise, defocus, expose, add the grain of a sensor, and encode as JPEG. */
export async function develop(
  content: string,
  size: PictureSize,
  exposure: Exposure,
  seed: number,
): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${content}</svg>`;
  const { data, info } = await sharp(Buffer.from(svg))
    .removeAlpha()
    .blur(exposure.blurSigma)
    .raw()
    .toBuffer({ resolveWithObject: true });
  expose(data, exposure, seed);
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .jpeg({ quality: exposure.quality })
    .toBuffer();
}

/** libvips has Gaussian noise too, but none that can be seeded. */
function expose(pixels: Buffer, exposure: Exposure, seed: number): void {
  const red = exposure.gain * (1 + exposure.warmth);
  const blue = exposure.gain * (1 - exposure.warmth);
  const grain = drawGrain(exposure.noise, seed);
  let walk = seed | 0;
  for (let at = 0; at < pixels.length; at += 3) {
    // A linear congruence (Numerical Recipes' constants) picks from the grain without a visible pattern.
    walk = (Math.imul(walk, 1664525) + 1013904223) | 0;
    const noise = grain[walk >>> 20] ?? 0;
    pixels[at] = clampByte((pixels[at] ?? 0) * red + noise);
    pixels[at + 1] = clampByte((pixels[at + 1] ?? 0) * exposure.gain + noise);
    pixels[at + 2] = clampByte((pixels[at + 2] ?? 0) * blue + noise);
  }
}

function drawGrain(sigma: number, seed: number): Float32Array {
  const random = randomFrom(seed, 5);
  // The sum of three even numbers is normal enough for noise of one to four grey levels.
  return Float32Array.from(
    { length: 2 ** 12 },
    () => sigma * (random.between(-1, 1) + random.between(-1, 1) + random.between(-1, 1)),
  );
}

const clampByte = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value);
