import { AppError } from '@facehash/contracts';

/** S3 allows 1024, a file name 255 bytes; ours stay under 150. */
const MAX_KEY_LENGTH = 512;
const MAX_SEGMENT_LENGTH = 200;

/**
 * A segment starts with a letter, digit or underscore: so there is no `.`, `..`, hidden file or empty segment, and
 * the filesystem driver's own `.incoming` folder cannot be addressed. ASCII only: filesystems disagree about
 * Unicode normalisation, and nothing of the caller belongs into a key.
 */
const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

export const isObjectKey = (path: string): boolean =>
  path.length <= MAX_KEY_LENGTH &&
  path.split('/').every((segment) => segment.length <= MAX_SEGMENT_LENGTH && SEGMENT.test(segment));

/** Keys are built from ids, never from a caller's words: a refused one is a bug or an attack, not a typing error. */
export function assertObjectKey(key: string): void {
  if (isObjectKey(key)) return;
  throw new AppError(
    'INTERNAL',
    `An object key is 1 to ${MAX_KEY_LENGTH} characters of segments [A-Za-z0-9_.-] joined by "/", none starting ` +
      `with "." or "-"; got ${quoted(key)}.`,
  );
}

/** A prefix is a folder with its `/`, or empty for everything: half a segment would mean other things on disk and on S3. */
export function assertPrefix(prefix: string): void {
  if (prefix === '' || (prefix.endsWith('/') && isObjectKey(prefix.slice(0, -1)))) return;
  throw new AppError(
    'INTERNAL',
    `A prefix is empty or a folder such as "tenants/id/"; got ${quoted(prefix)}.`,
  );
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 100));
