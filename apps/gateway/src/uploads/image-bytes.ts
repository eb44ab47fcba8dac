import { AppError, SNIFF_BYTES, sniffImageType } from '@facehash/contracts';
import type { Readable } from 'node:stream';

/**
 * The bytes of `source`, once the first of them have been seen to be an image of ours: nothing else reaches storage.
 * The name and declared type of a file are never trusted. `source` is left open when reading stops early, because for
 * a raw body it is the request, and destroying that would cut the connection before the answer.
 * @throws AppError IMAGE_EMPTY, IMAGE_TYPE_UNSUPPORTED
 */
export async function* imageBytes(source: Readable): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < SNIFF_BYTES) continue;
    assertImage(head);
    yield head;
    head = undefined;
  }
  if (head !== undefined) assertImage(head);
}

function assertImage(head: Buffer): void {
  if (head.length === 0) {
    throw new AppError('IMAGE_EMPTY', 'Expected a JPEG, PNG or WebP image; 0 bytes came.');
  }
  if (sniffImageType(head) === undefined) {
    throw new AppError(
      'IMAGE_TYPE_UNSUPPORTED',
      `Expected a JPEG, PNG or WebP image; the bytes begin with ${head.subarray(0, SNIFF_BYTES).toString('hex')}.`,
    );
  }
}
