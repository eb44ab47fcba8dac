import { crc32 } from 'node:zlib';
import { orientationOnly, readOrientation } from './exif-orientation.js';
import { MAX_PARTS, unreadable, type ImageFileFormat } from './image-file-format.js';

interface PngChunk {
  readonly type: string;
  readonly data: Buffer;
  /** Length, type, data and checksum. */
  readonly bytes: Buffer;
}

const SIGNATURE_BYTES = 8;
/** Length, type and checksum around a chunk's data. */
const FRAME_BYTES = 12;

/** Pixels, transparency and colour (PNG third edition, 11.2 and 11.3.2). Texts, times, animations and unknown chunks are not kept. */
const KEPT = new Set('IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs'.split(' '));

export const pngFile: ImageFileFormat = {
  readStored(file) {
    const chunks = [...pngChunks(file)];
    const header = chunks[0];
    if (header?.type !== 'IHDR' || header.data.length !== 13) throw unreadable('the PNG states no size');
    if (!chunks.some(({ type }) => type === 'IDAT')) throw unreadable('the PNG holds no picture data');
    return {
      width: header.data.readUInt32BE(0),
      height: header.data.readUInt32BE(4),
      orientation: orientationOf(chunks),
    };
  },

  withoutMetadata(file) {
    const chunks = [...pngChunks(file)];
    const orientation = orientationOf(chunks);
    const kept = chunks.filter(({ type }) => KEPT.has(type)).map(({ bytes }) => bytes);
    if (orientation !== 1) kept.splice(1, 0, pngChunk('eXIf', orientationOnly(orientation)));
    return Buffer.concat([file.subarray(0, SIGNATURE_BYTES), ...kept]);
  },
};

function orientationOf(chunks: readonly PngChunk[]) {
  const exif = chunks.find(({ type }) => type === 'eXIf');
  return exif ? readOrientation(exif.data) : 1;
}

/** The chunks up to and with IEND; a file that ends before it is incomplete. Checksums are left to the decoder. */
function* pngChunks(file: Buffer): Generator<PngChunk> {
  let at = SIGNATURE_BYTES;
  for (let parts = 0; parts < MAX_PARTS; parts++) {
    if (at + FRAME_BYTES > file.length) throw unreadable('the PNG ends early');
    const length = file.readUInt32BE(at);
    const next = at + FRAME_BYTES + length;
    if (next > file.length) throw unreadable('a PNG chunk is longer than the file');
    const type = file.toString('latin1', at + 4, at + 8);
    yield { type, data: file.subarray(at + 8, next - 4), bytes: file.subarray(at, next) };
    if (type === 'IEND') return;
    at = next;
  }
  throw unreadable(`the PNG has more than ${MAX_PARTS} chunks`);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(FRAME_BYTES + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
