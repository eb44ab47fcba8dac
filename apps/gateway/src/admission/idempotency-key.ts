import { AppError } from '@facehash/contracts';

const MAX_LENGTH = 255;

/** A string of RFC 9651: printable ASCII in quotes, in which a quote or a backslash has a backslash before it. */
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;

/** Without quotes too, as many clients send it; then without spaces, commas and quotes, as two headers would be joined. */
const BARE = /^[\x21\x23-\x2b\x2d-\x7e]+$/;

/**
 * The value of an `Idempotency-Key` header; quoted and bare mean the same.
 * @throws AppError INVALID_REQUEST
 */
export function parseIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const value = QUOTED.exec(text)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? BARE.exec(text)?.[0] ?? '';
  if (value.length >= 1 && value.length <= MAX_LENGTH) return value;
  throw new AppError(
    'INVALID_REQUEST',
    `Idempotency-Key: expected 1 to ${MAX_LENGTH} printable ASCII characters, in quotes or without, such as a UUID; ` +
      `${header.length} characters came.`,
  );
}
