import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { readImageHeader } from './image-header.js';
import { stripMetadata } from './strip-metadata.js';

type Format = 'jpeg' | 'png' | 'webp';
const FORMATS: readonly Format[] = ['jpeg', 'png', 'webp'];
const SECRET = 'Berlin, 52.52 N';
const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>${SECRET}</rdf:RDF></x:xmpmeta>`;

const draw = (format: Format, orientation: number) =>
  sharp({ create: { width: 60, height: 40, channels: 3, background: '#a06040' } })
    .withMetadata({ orientation })
    .withExifMerge({ IFD0: { ImageDescription: SECRET } })
    .withXmp(XMP)
    .withIccProfile('p3')
    [format]()
    .toBuffer();

const pixels = (image: Uint8Array) => sharp(image).raw().toBuffer();

describe.each(FORMATS)('stripMetadata of a %s', (format) => {
  it('drops EXIF and XMP', async () => {
    const image = await draw(format, 6);
    expect(image.includes(SECRET)).toBe(true);
    expect(Buffer.from(stripMetadata(image)).includes(SECRET)).toBe(false);
  });

  it('keeps pixels, orientation and colour profile', async () => {
    const image = await draw(format, 6);
    const stripped = stripMetadata(image);
    const metadata = await sharp(stripped).metadata();
    expect(metadata.orientation).toBe(6);
    expect(metadata.icc).toEqual((await sharp(image).metadata()).icc);
    expect(metadata.xmp).toBeUndefined();
    expect((await pixels(stripped)).equals(await pixels(image))).toBe(true);
  });

  it('leaves no EXIF at all in an upright picture', async () => {
    const stripped = stripMetadata(await draw(format, 1));
    expect((await sharp(stripped).metadata()).exif).toBeUndefined();
  });

  it('changes nothing when done again', async () => {
    const once = stripMetadata(await draw(format, 8));
    expect(Buffer.from(stripMetadata(once)).equals(Buffer.from(once))).toBe(true);
    expect(readImageHeader(once, 10_000).orientation).toBe(8);
  });

  it('drops what follows the picture', async () => {
    const image = Buffer.concat([await draw(format, 1), Buffer.from(SECRET)]);
    expect(Buffer.from(stripMetadata(image)).includes(SECRET)).toBe(false);
  });
});

describe('stripMetadata of a JPEG', () => {
  it('drops comments and the thumbnail of JFIF', async () => {
    const image = await draw('jpeg', 1);
    const thumbnail = Buffer.from('4a46494600010100000100010101', 'hex');
    const jfif = segment(0xe0, Buffer.concat([thumbnail, Buffer.from('abc')]));
    const comment = segment(0xfe, Buffer.from(SECRET));
    const stripped = Buffer.from(
      stripMetadata(Buffer.concat([image.subarray(0, 2), jfif, comment, image.subarray(2)])),
    );
    expect(stripped.includes(SECRET)).toBe(false);
    expect(stripped.includes('abc')).toBe(false);
    expect((await sharp(stripped).metadata()).width).toBe(60);
  });
});

function segment(marker: number, payload: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}
