import { describe, expect, it } from '@jest/globals';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { assertImage } from './assert-image.js';

const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex');

const streamOf = (...chunks: readonly Buffer[]) => Readable.from(chunks, { objectMode: false });

describe('assertImage', () => {
  it.each([
    ['at once', [JPEG]],
    ['byte by byte', [...JPEG].map((byte) => Buffer.of(byte))],
    ['in two halves', [JPEG.subarray(0, 11), JPEG.subarray(11)]],
    ['and is no longer than what is looked at', [JPEG.subarray(0, 12)]],
  ])('leaves an image whole that comes %s', async (_how, chunks) => {
    const source = streamOf(...chunks);
    await assertImage(source);
    expect(await buffer(source)).toEqual(Buffer.concat(chunks));
  });

  it('waits for a slow sender', async () => {
    const source = new PassThrough();
    const checked = assertImage(source);
    source.write(JPEG.subarray(0, 5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    source.end(JPEG.subarray(5));
    await checked;
    expect(await buffer(source)).toEqual(JPEG);
  });

  it('refuses text, and what ends before it can be told what it is', async () => {
    for (const bytes of [Buffer.from('This is plain text.'), JPEG.subarray(0, 11)]) {
      await expect(assertImage(streamOf(bytes))).rejects.toMatchObject({ code: 'IMAGE_TYPE_UNSUPPORTED' });
    }
  });

  it('tells an empty image from one of a wrong type', async () => {
    const source = new PassThrough();
    source.end();
    await expect(assertImage(source)).rejects.toMatchObject({ code: 'IMAGE_EMPTY' });
  });

  it('leaves the source open, so that a connection can still be answered', async () => {
    const source = streamOf(Buffer.from('This is plain text.'), JPEG);
    await expect(assertImage(source)).rejects.toMatchObject({ code: 'IMAGE_TYPE_UNSUPPORTED' });
    expect(source.destroyed).toBe(false);
  });

  it('passes on the error of a sender that breaks off, before or while it is waited for', async () => {
    const before = new PassThrough();
    before.on('error', () => undefined);
    before.destroy(new Error('gone'));
    await expect(assertImage(before)).rejects.toThrow('gone');

    const meanwhile = new PassThrough();
    const checked = assertImage(meanwhile);
    meanwhile.destroy(new Error('gone'));
    await expect(checked).rejects.toThrow('gone');
  });
});
