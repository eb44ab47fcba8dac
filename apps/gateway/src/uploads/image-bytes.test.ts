import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { imageBytes } from './image-bytes.js';

const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex');

async function collect(chunks: readonly Buffer[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of imageBytes(Readable.from(chunks))) parts.push(part);
  return Buffer.concat(parts);
}

describe('imageBytes', () => {
  it('passes an image on unchanged, however its bytes are cut', async () => {
    expect(await collect([...JPEG].map((byte) => Buffer.of(byte)))).toEqual(JPEG);
    expect(await collect([JPEG])).toEqual(JPEG);
  });

  it('refuses text before any of it was passed on', async () => {
    const bytes = imageBytes(Readable.from([Buffer.from('hello, '), Buffer.from('world, how are you?')]));
    await expect(bytes.next()).rejects.toMatchObject({ code: 'IMAGE_TYPE_UNSUPPORTED' });
  });

  it('refuses what ends before it can be told what it is', async () => {
    await expect(collect([JPEG.subarray(0, 11)])).rejects.toMatchObject({ code: 'IMAGE_TYPE_UNSUPPORTED' });
  });

  it('tells an empty image from one of a wrong type', async () => {
    await expect(collect([])).rejects.toMatchObject({ code: 'IMAGE_EMPTY' });
  });

  it('leaves the source open, so that a connection can still be answered', async () => {
    const source = Readable.from([Buffer.from('plain text is no image'), JPEG]);
    await expect(imageBytes(source).next()).rejects.toMatchObject({ code: 'IMAGE_TYPE_UNSUPPORTED' });
    expect(source.destroyed).toBe(false);
  });
});
