import { finished, type Readable } from 'node:stream';

/** The next `bytes` bytes, fewer only if the stream ends before. They are put back, so that it can be read from its beginning. */
export function peek(source: Readable, bytes: number): Promise<Buffer> {
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
