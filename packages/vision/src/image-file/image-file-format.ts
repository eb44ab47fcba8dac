import { AppError } from '@facehash/contracts';

/** EXIF orientation: how the stored pixels must be turned to stand upright; 1 = as they are. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Size and orientation as stored: at orientation 5 to 8 the upright image is `height` wide. */
export interface StoredImage {
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
}

/**
 * What this package knows of one file format. Both functions walk the whole structure of the file (never its pixels) and
 * throw AppError IMAGE_UNREADABLE when it ends early or contradicts itself.
 */
export interface ImageFileFormat {
  readStored(file: Buffer): StoredImage;
  withoutMetadata(file: Buffer): Buffer;
}

export function unreadable(what: string, cause?: unknown): AppError {
  const message = `Expected a complete JPEG, PNG or WebP image, but ${what}; send the original file again.`;
  return new AppError('IMAGE_UNREADABLE', message, cause === undefined ? {} : { cause });
}

/** A real file has a few thousand segments or chunks; millions of empty ones would be memory for an attacker to spend. */
export const MAX_PARTS = 65_536;
