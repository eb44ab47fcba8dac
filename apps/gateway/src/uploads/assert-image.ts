import { AppError, SNIFF_BYTES, sniffImageType } from '@facehash/contracts';
import type { Readable } from 'node:stream';
import { peek } from './peek.js';

/**
 * Waits for the first bytes of `source` and checks that an image of ours begins there; its name and declared type are
 * never trusted. The bytes are put back, so that `source` can be read from its beginning. Looking ahead, and not through
 * a stream in between, which would hold another 64 kB of every upload.
 * @throws AppError IMAGE_EMPTY, IMAGE_TYPE_UNSUPPORTED; the stream's own error
 */
export async function assertImage(source: Readable): Promise<void> {
  const head = await peek(source, SNIFF_BYTES);
  if (head.length === 0) {
    throw new AppError('IMAGE_EMPTY', 'Expected a JPEG, PNG or WebP image; 0 bytes came.');
  }
  if (sniffImageType(head) === undefined) {
    throw new AppError(
      'IMAGE_TYPE_UNSUPPORTED',
      `Expected a JPEG, PNG or WebP image; the bytes begin with ${head.toString('hex')}.`,
    );
  }
}
