import { AppError } from '@facehash/contracts';
import type { ObjectStorage } from '@facehash/storage';
import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { requestUploads } from './request-uploads.js';

/** Keeps objects in memory and stores each only when told to. */
function slowStorage() {
  const objects = new Map<string, Buffer>();
  let flush: () => void = () => undefined;
  const flushed = new Promise<void>((resolve) => (flush = resolve));
  const storage = {
    async put(key: string, body: Readable) {
      const bytes = await buffer(body);
      await flushed;
      objects.set(key, bytes);
    },
    delete: (key: string) => Promise.resolve(void objects.delete(key)),
  } as unknown as ObjectStorage;
  return {
    storage,
    objects,
    flush: () => {
      flush();
    },
  };
}

describe('requestUploads', () => {
  it('takes back a file that was still being written when the request failed', async () => {
    const { storage, objects, flush } = slowStorage();
    const uploads = requestUploads(storage, 100);
    const failed = uploads.undoOnFailure(async () => {
      void uploads.store('uploads/1', Readable.from([Buffer.from('x')]), { name: 'a.jpg' });
      await Promise.resolve();
      throw new Error('the client hung up');
    });
    setTimeout(flush, 20);
    await expect(failed).rejects.toThrow('the client hung up');
    await sleep(50); // Time for the write to land, whether or not it was waited for.
    expect([...objects.keys()]).toEqual([]);
  });

  it('keeps the files of a request that succeeds', async () => {
    const { storage, objects, flush } = slowStorage();
    flush();
    const uploads = requestUploads(storage, 100);
    await uploads.undoOnFailure(() =>
      uploads.store('uploads/1', Readable.from([Buffer.from('x')]), { name: 'a' }),
    );
    expect([...objects.keys()]).toEqual(['uploads/1']);
  });

  it('names the file that is too large, and hides why storage failed', async () => {
    const failing = (error: Error) =>
      requestUploads({ put: () => Promise.reject(error) } as unknown as ObjectStorage, 100);
    const store = (error: Error) => failing(error).store('uploads/1', Readable.from([]), { name: 'b.jpg' });
    await expect(store(new AppError('IMAGE_TOO_LARGE', 'too many'))).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      details: { file_name: 'b.jpg', max_bytes: 100 },
    });
    await expect(store(new Error('/secret/path'))).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});
