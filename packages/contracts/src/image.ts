/** The image types the service takes, told by their first bytes. A file's name and its declared type are never trusted. */
export type ImageType = 'jpeg' | 'png' | 'webp';

/** Bytes that `sniffImageType` needs to see. */
export const SNIFF_BYTES = 12;

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The type told by the magic bytes, or undefined if it is none of ours (or fewer than 12 bytes came). */
export function sniffImageType(bytes: Uint8Array): ImageType | undefined {
  if (bytes.length < SNIFF_BYTES) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (PNG_SIGNATURE.every((value, at) => bytes[at] === value)) return 'png';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp';
  return undefined;
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/** Limits stated in the API documentation; the gateway enforces bytes and counts, the worker pixels. */
export const IMAGE_LIMITS = {
  maxBytes: 20 * 1024 * 1024,
  /** 50 megapixels: today's phones; a decompression bomb of 144 MP is refused from its header. */
  maxPixels: 50_000_000,
  maxPhotosPerTraining: 200,
} as const;
