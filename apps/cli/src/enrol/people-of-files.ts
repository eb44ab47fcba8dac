import type { PersonPhotos } from '@facehash/client';
import { posix } from 'node:path';
import { isImageName } from '../photo-files.js';
import type { ArchiveFile } from './archive-file.js';
import { tooLarge } from './too-large.js';

/** Photos in memory at once, for each person on the way; 200 photos of a phone would be a gigabyte. */
const MAX_PIECE_BYTES = 64 * 2 ** 20;
const MAX_PIECE_PHOTOS = 200;

/**
 * The photos of an archive by the folder they lie in, which is the person's label. A person comes in pieces where their
 * photos are many, or not together in the archive; the same pieces whenever it is read.
 * @param onSkip told of each file that is no person's photo, and why
 */
export async function* peopleOfFiles(
  files: AsyncIterable<ArchiveFile>,
  onSkip: (path: string, why: string) => void,
): AsyncGenerator<PersonPhotos> {
  let piece: { label: string; photos: File[]; bytes: number } | undefined;
  for await (const file of files) {
    const { label, name } = placeOf(file.path);
    if (isHidden(file.path)) continue;
    const why = label === undefined ? "it lies in no person's folder" : reasonToSkip(file);
    if (label === undefined || why !== undefined) {
      onSkip(file.path, why!);
      continue;
    }
    const photo = new File([await file.read()], name);
    const isFull =
      piece !== undefined &&
      (piece.bytes + photo.size > MAX_PIECE_BYTES || piece.photos.length === MAX_PIECE_PHOTOS);
    if (piece !== undefined && (isFull || piece.label !== label)) {
      yield piece;
      piece = undefined;
    }
    piece ??= { label, photos: [], bytes: 0 };
    piece.photos.push(photo);
    piece.bytes += photo.size;
  }
  if (piece !== undefined) yield piece;
}

/** The last folder of the path is the person, wherever in the archive it lies. */
function placeOf(path: string): { label: string | undefined; name: string } {
  const parts = path.split('/');
  const name = parts.pop()!;
  const label = parts.pop();
  return { label: label === '' || label === '.' || label === '..' ? undefined : label, name };
}

/** What systems put beside photos without being asked. */
const isHidden = (path: string): boolean => /(^|\/)(\.[^./]|__MACOSX\/)/.test(path);

function reasonToSkip({ path, size }: ArchiveFile): string | undefined {
  if (!isImageName(posix.basename(path))) return 'it is no .jpg, .jpeg, .png or .webp file';
  return tooLarge(size);
}
