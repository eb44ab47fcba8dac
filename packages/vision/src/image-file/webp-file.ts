import { AppError } from '@facehash/contracts';
import { orientationOnly, readOrientation } from './exif-orientation.js';
import { MAX_PARTS, unreadable, type ImageFileFormat } from './image-file-format.js';

interface WebpChunk {
  readonly type: string;
  readonly data: Buffer;
}

const RIFF_HEADER_BYTES = 12;
/** Bits of the first byte of VP8X (WebP container specification, "Extended File Format"). */
const HAS_ANIMATION = 0x02;
const HAS_XMP = 0x04;
const HAS_EXIF = 0x08;

const KEPT = new Set(['VP8X', 'ICCP', 'ALPH', 'VP8 ', 'VP8L']);

export const webpFile: ImageFileFormat = {
  readStored(file) {
    const chunks = webpChunks(file);
    return { ...sizeOf(chunks), orientation: orientationOf(chunks) };
  },

  withoutMetadata(file) {
    const chunks = webpChunks(file);
    const orientation = orientationOf(chunks);
    const kept = chunks.filter(({ type }) => KEPT.has(type));
    if (orientation !== 1) kept.push({ type: 'EXIF', data: orientationOnly(orientation) });
    const body = kept.flatMap((chunk) => encode(withFlags(chunk, orientation !== 1)));
    const header = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
    header.writeUInt32LE(4 + body.reduce((sum, part) => sum + part.length, 0), 4);
    return Buffer.concat([header, ...body]);
  },
};

function sizeOf(chunks: readonly WebpChunk[]): { width: number; height: number } {
  const frame = chunks.find(({ type }) => type === 'VP8 ' || type === 'VP8L');
  const extended = chunks.find(({ type }) => type === 'VP8X')?.data;
  if (extended && (extended[0]! & HAS_ANIMATION) !== 0) {
    throw new AppError(
      'IMAGE_TYPE_UNSUPPORTED',
      'Expected a still picture, but the WebP file is an animation.',
    );
  }
  if (frame === undefined || frame.data.length < 10) throw unreadable('the WebP holds no picture data');
  if (extended) {
    if (extended.length < 10) throw unreadable('the WebP states no size');
    return { width: 1 + extended.readUIntLE(4, 3), height: 1 + extended.readUIntLE(7, 3) };
  }
  if (frame.type === 'VP8L') {
    const bits = frame.data.readUInt32LE(1);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
  }
  return { width: frame.data.readUInt16LE(6) & 0x3fff, height: frame.data.readUInt16LE(8) & 0x3fff };
}

function orientationOf(chunks: readonly WebpChunk[]) {
  const exif = chunks.find(({ type }) => type === 'EXIF')?.data;
  if (exif === undefined) return 1;
  // Some writers put JPEG's prefix in front of the TIFF block.
  return readOrientation(exif.toString('latin1', 0, 4) === 'Exif' ? exif.subarray(6) : exif);
}

function webpChunks(file: Buffer): WebpChunk[] {
  const end = 8 + file.readUInt32LE(4);
  if (end > file.length) throw unreadable('the WebP ends early');
  const chunks: WebpChunk[] = [];
  let at = RIFF_HEADER_BYTES;
  while (at + 8 <= end) {
    const length = file.readUInt32LE(at + 4);
    if (chunks.length === MAX_PARTS) throw unreadable(`the WebP has more than ${MAX_PARTS} chunks`);
    if (at + 8 + length > end) throw unreadable('a WebP chunk is longer than the file');
    chunks.push({
      type: file.toString('latin1', at, at + 4),
      data: file.subarray(at + 8, at + 8 + length),
    });
    at += 8 + length + (length % 2);
  }
  return chunks;
}

function withFlags({ type, data }: WebpChunk, hasExif: boolean): WebpChunk {
  if (type !== 'VP8X') return { type, data };
  const flags = Buffer.from(data);
  flags[0] = (flags[0]! & ~(HAS_EXIF | HAS_XMP)) | (hasExif ? HAS_EXIF : 0);
  return { type, data: flags };
}

function encode({ type, data }: WebpChunk): Buffer[] {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return [head, data, Buffer.alloc(data.length % 2)];
}
