import { AppError } from '@facehash/contracts';
import { createHash } from 'node:crypto';

/** A place in a key's list: right after this entry. It stays a place when the entry is gone. */
export interface ListPosition {
  readonly createdAt: number;
  readonly id: string;
}

export function toCursor(keyId: string, { createdAt, id }: ListPosition): string {
  const place = `${createdAt}.${id}`;
  return `${place}.${ownerMark(keyId, place)}`;
}

/** @throws AppError INVALID_REQUEST for what is no cursor, or one of another key's list */
export function fromCursor(keyId: string, cursor: string): ListPosition {
  const [, place, createdAt, id, mark] =
    /^((\d{1,15})\.([a-z]{3}_[0-9a-f]{32}))\.([0-9a-f]{16})$/.exec(cursor) ?? [];
  if (place === undefined || mark !== ownerMark(keyId, place)) {
    throw new AppError('INVALID_REQUEST', 'after: expected the next_cursor of an earlier page of this list.');
  }
  return { createdAt: Number(createdAt), id: id! };
}

/** No secret: a cursor opens nothing, the mark only tells a mistake from a place. */
const ownerMark = (keyId: string, place: string): string =>
  createHash('sha256').update(`${keyId}.${place}`).digest('hex').slice(0, 16);
