import { orientationOnly, readOrientation } from './exif-orientation.js';
import { unreadable, type ImageFileFormat, type Orientation } from './image-file-format.js';
import { jpegSegments, JPEG_SCAN, type JpegSegment } from './jpeg-segments.js';

const START_OF_IMAGE = Buffer.from([0xff, 0xd8]);
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const EXIF = Buffer.from('Exif\0\0', 'latin1');
const JFIF = Buffer.from('JFIF\0', 'latin1');
const ICC_PROFILE = Buffer.from('ICC_PROFILE\0', 'latin1');
const ADOBE = Buffer.from('Adobe', 'latin1');

/** Every scan of a progressive JPEG costs a pass over the whole picture; cameras write about ten, libvips refuses from 100 as well. */
const MAX_SCANS = 100;

/** DHT, JPG and DAC lie among the start-of-frame markers without being one. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

const startsWith = (payload: Buffer, prefix: Buffer) => payload.subarray(0, prefix.length).equals(prefix);

const isExif = ({ marker, payload }: JpegSegment) => marker === 0xe1 && startsWith(payload, EXIF);

export const jpegFile: ImageFileFormat = {
  readStored(file) {
    let orientation: Orientation | undefined;
    let frame: JpegSegment | undefined;
    let scans = 0;
    for (const segment of jpegSegments(file)) {
      if (isExif(segment)) orientation ??= readOrientation(segment.payload.subarray(EXIF.length));
      if (isFrame(segment.marker)) frame ??= segment;
      if (segment.marker === JPEG_SCAN) scans++;
    }
    if (frame === undefined || frame.payload.length < 6) throw unreadable('the JPEG states no size');
    if (scans > MAX_SCANS) throw unreadable(`the JPEG has ${scans} scans, more than ${MAX_SCANS}`);
    if (scans === 0) throw unreadable('the JPEG holds no picture data');
    return {
      width: frame.payload.readUInt16BE(3),
      height: frame.payload.readUInt16BE(1),
      orientation: orientation ?? 1,
    };
  },

  withoutMetadata(file) {
    const segments = [...jpegSegments(file)];
    const exif = segments.find(isExif);
    const orientation = exif ? readOrientation(exif.payload.subarray(EXIF.length)) : 1;
    const kept = segments.flatMap(withoutPrivateParts);
    // JFIF demands its segment first.
    const afterJfif = kept[0]?.[1] === 0xe0 ? 1 : 0;
    if (orientation !== 1) kept.splice(afterJfif, 0, exifSegment(orientation));
    return Buffer.concat([START_OF_IMAGE, ...kept, END_OF_IMAGE]);
  },
};

/** What of a segment is kept: everything that codes the picture (C0 to DF), of the rest only colour. */
function withoutPrivateParts({ marker, payload, bytes }: JpegSegment): Buffer[] {
  if (marker >= 0xc0 && marker <= 0xdf) return [bytes];
  if (marker === 0xe0 && startsWith(payload, JFIF)) return [jfifWithoutThumbnail(payload)];
  if (marker === 0xe2 && startsWith(payload, ICC_PROFILE)) return [bytes];
  // Adobe's segment says how the colours are coded; without it CMYK and RGB files change colour.
  if (marker === 0xee && startsWith(payload, ADOBE)) return [bytes];
  return [];
}

/** A thumbnail may show what was cropped away. */
function jfifWithoutThumbnail(payload: Buffer): Buffer {
  const segment = Buffer.alloc(18);
  segment.writeUInt16BE(0xffe0, 0);
  segment.writeUInt16BE(16, 2);
  payload.copy(segment, 4, 0, 12);
  return segment;
}

function exifSegment(orientation: Orientation): Buffer {
  const tiff = orientationOnly(orientation);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xffe1, 0);
  head.writeUInt16BE(2 + EXIF.length + tiff.length, 2);
  return Buffer.concat([head, EXIF, tiff]);
}
