import { isAppError } from '@facehash/contracts';
import { describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { loadOpenCv } from '../opencv.js';
import { withMats } from '../with-mats.js';
import { chooseDecoder } from './choose-decoder.js';
import { decodeImage } from './decode-image.js';
import { sharpDecoder } from './sharp-decoder.js';

const cv = loadOpenCv();
/** The one this machine uses, and the one that every machine can use; the same where OpenCV must not decode. */
const DECODERS = [chooseDecoder(cv), sharpDecoder(cv, 'tested')].filter(
  ({ name }, at, all) => all.findIndex((other) => other.name === name) === at,
);

/** Four colours and a slope: no two of its turns look alike. */
function drawing(width = 160, height = 96): Sharp {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 160 96">
    <defs><linearGradient id="g"><stop offset="0" stop-color="#203040"/><stop offset="1" stop-color="#f0e0c0"/></linearGradient></defs>
    <rect width="160" height="96" fill="url(#g)"/><circle cx="40" cy="24" r="20" fill="#c03020"/>
    <rect x="90" y="50" width="50" height="30" fill="#2040a0"/></svg>`;
  return sharp(Buffer.from(svg)).removeAlpha();
}

describe.each(DECODERS)('decodeImage with $name', (decoder) => {
  const decode = (image: Uint8Array, maxPixels = 50_000_000) =>
    withMats(async (own) => {
      const { mat, ...rest } = await decodeImage(image, { cv, decoder, maxPixels, own });
      return { ...rest, cols: mat.cols, rows: mat.rows, pixels: await mat.getDataAsync() };
    });
  const codeOf = async (image: Uint8Array, maxPixels?: number) => {
    try {
      await decode(image, maxPixels);
      return 'none';
    } catch (error) {
      return isAppError(error) ? error.code : String(error);
    }
  };

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns orientation %d upright, once', async (orientation) => {
    const image = await drawing().withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
    const upright = await sharp(image).autoOrient().greyscale().raw().toBuffer({ resolveWithObject: true });
    const { width, height, cols, rows, pixels } = await decode(image);
    expect([width, height]).toEqual([upright.info.width, upright.info.height]);
    expect([cols, rows]).toEqual([width, height]);
    expect(meanDifference(pixels, upright.data)).toBeLessThan(3);
  });

  it.each(['jpeg', 'png', 'webp'] as const)('reduces a large %s and says by how much', async (format) => {
    const image = await drawing(2563, 1500)[format]().toBuffer();
    const { width, height, scale, cols, rows } = await decode(image);
    expect({ width, height, scale, cols, rows }).toEqual({
      width: 2563,
      height: 1500,
      scale: 2,
      cols: 1282,
      rows: 750,
    });
  });

  it('gives one grey channel for grey, transparent, 16 bit and CMYK pictures', async () => {
    const pictures = [
      drawing().greyscale().png(),
      drawing().ensureAlpha(0.5).png(),
      drawing().toColourspace('rgb16').png(),
      drawing().toColourspace('cmyk').jpeg(),
    ];
    for (const picture of pictures) {
      const { pixels } = await decode(await picture.toBuffer());
      expect(pixels).toHaveLength(160 * 96);
    }
  });

  it('refuses a JPEG that is cut short, wherever', async () => {
    const image = await drawing(1600, 960).jpeg().toBuffer();
    for (const part of [0.2, 0.5, 0.9, 0.999]) {
      expect(await codeOf(image.subarray(0, Math.floor(image.length * part)))).toBe('IMAGE_UNREADABLE');
    }
  });

  it.each(['png', 'webp'] as const)('refuses a %s with damaged pixel data', async (format) => {
    const image = await drawing()[format]().toBuffer();
    image.fill(0x55, 60, image.length - 16);
    expect(await codeOf(image)).toBe('IMAGE_UNREADABLE');
  });

  it('refuses a picture over the limit from its header', async () => {
    const bomb = await drawing().png().toBuffer();
    bomb.writeUInt32BE(12_000, 16);
    bomb.writeUInt32BE(12_000, 20);
    expect(await codeOf(bomb)).toBe('IMAGE_TOO_MANY_PIXELS');
  });

  it('refuses a picture without pixels or bytes', async () => {
    expect(await codeOf(new Uint8Array())).toBe('IMAGE_EMPTY');
    expect(await codeOf(Buffer.from('%PDF-1.7 and the rest'))).toBe('IMAGE_TYPE_UNSUPPORTED');
  });
});

// With OpenCV 4.10 and 4.11 there is but one.
const describePair = DECODERS.length === 2 ? describe : describe.skip;

describePair('the two decoders', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('see the same in a %s', async (format) => {
    const image = await drawing(2600, 1560)[format]({ quality: 95 }).toBuffer();
    const [a, b] = await Promise.all(
      DECODERS.map((decoder) =>
        withMats(async (own) => {
          const { mat } = await decodeImage(image, { cv, decoder, maxPixels: 50_000_000, own });
          return mat.getDataAsync();
        }),
      ),
    );
    expect(meanDifference(a!, b!)).toBeLessThan(2);
  });
});

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((sum, value, at) => sum + Math.abs(value - b[at]!), 0) / a.length;
}
