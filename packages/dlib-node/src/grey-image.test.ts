import { describe, expect, it } from '@jest/globals';
import { type GreyImage, validateImage } from './grey-image.js';

const invalid = expect.objectContaining({ name: 'DlibError', code: 'IMAGE_INVALID' });

describe('validateImage', () => {
  it.each([
    ['a Uint8Array', new Uint8Array(6)],
    ['a Buffer', Buffer.alloc(6)],
    ['a part of a larger buffer', new Uint8Array(10).subarray(2, 8)],
  ])('takes %s', (_, data) => {
    expect(() => {
      validateImage({ data, width: 3, height: 2 });
    }).not.toThrow();
  });

  it.each<[string, GreyImage]>([
    ['no pixels', { data: new Uint8Array(0), width: 0, height: 0 }],
    ['too few bytes', { data: new Uint8Array(5), width: 3, height: 2 }],
    ['too many bytes', { data: new Uint8Array(18), width: 3, height: 2 }],
    ['a side with a fraction', { data: new Uint8Array(6), width: 1.5, height: 4 }],
    ['negative sides', { data: new Uint8Array(6), width: -3, height: -2 }],
    ['NaN as a side', { data: new Uint8Array(6), width: Number.NaN, height: 2 }],
    [
      'pixels that are not bytes',
      { data: new Float32Array(6) as unknown as Uint8Array, width: 3, height: 2 },
    ],
  ])('refuses an image with %s', (_, image) => {
    expect(() => {
      validateImage(image);
    }).toThrow(invalid);
  });

  it('says what it expected', () => {
    expect(() => {
      validateImage({ data: new Uint8Array(18), width: 3, height: 2 });
    }).toThrow('Expected 6 grey pixels for 3 × 2, got 18 bytes');
  });
});
