import { AppError, SNIFF_BYTES, sniffImageType } from '@facehash/contracts';
import { finished, type Readable } from 'node:stream';

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

/** The next `bytes` bytes, fewer only if the stream ends before. */
function peek(source: Readable, bytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const head = source.read(bytes) as Buffer | null;
      if (head === null) return;
      stopListening();
      source.unshift(head);
      resolve(head);
    };
    const stopWatching = finished(source, { writable: false }, (error) => {
      stopListening();
      if (error) reject(error);
      else resolve(Buffer.alloc(0));
    });
    const stopListening = () => {
      stopWatching();
      source.off('readable', look);
    };
    source.on('readable', look);
  });
}
