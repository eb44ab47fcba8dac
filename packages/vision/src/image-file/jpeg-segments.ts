import { MAX_PARTS, unreadable } from './image-file-format.js';

export interface JpegSegment {
  readonly marker: number;
  /** After the two length bytes. */
  readonly payload: Buffer;
  /** Marker, length and payload; for a scan also the compressed data behind it. */
  readonly bytes: Buffer;
}

export const JPEG_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/**
 * The segments of a JPEG between SOI and EOI, in order. What follows EOI (gain maps, second pictures) is not looked at.
 * Reaching the end of the file before EOI is an error: decoders fill what is missing with grey and say nothing.
 */
export function* jpegSegments(file: Buffer): Generator<JpegSegment> {
  let at = 2;
  for (let parts = 0; parts < MAX_PARTS; parts++) {
    if (file[at] !== 0xff) throw unreadable('the JPEG ends early or is damaged between its segments');
    while (file[at + 1] === 0xff) at++; // fill bytes
    const marker = file[at + 1];
    if (marker === undefined) throw unreadable('the JPEG ends early');
    if (marker === END_OF_IMAGE) return;
    if (at + 4 > file.length) throw unreadable('the JPEG ends early');
    const length = file.readUInt16BE(at + 2);
    const dataAt = at + 2 + length;
    if (length < 2 || dataAt > file.length) throw unreadable('a JPEG segment is longer than the file');
    const next = marker === JPEG_SCAN ? endOfScan(file, dataAt) : dataAt;
    yield { marker, payload: file.subarray(at + 4, dataAt), bytes: file.subarray(at, next) };
    at = next;
  }
  throw unreadable(`the JPEG has more than ${MAX_PARTS} segments`);
}

/** Where the compressed data ends: at the first marker that is neither a stuffed zero nor a restart. */
function endOfScan(file: Buffer, from: number): number {
  let at = from;
  for (;;) {
    at = file.indexOf(0xff, at);
    const next = at < 0 ? undefined : file[at + 1];
    if (next === undefined) throw unreadable('the JPEG ends within its picture data');
    if (next === 0xff) at += 1;
    else if (next === 0 || (next >= 0xd0 && next <= 0xd7)) at += 2;
    else return at;
  }
}
