import { describe, expect, it } from '@jest/globals';
import type { OpenCvModule } from '../opencv.js';
import { chooseDecoder } from './choose-decoder.js';

const openCv = (major: number, minor: number) => ({ version: { major, minor, revision: 0 } }) as OpenCvModule;

describe('chooseDecoder', () => {
  it.each([
    [4, 6, 'opencv'],
    [4, 9, 'opencv'],
    [4, 10, 'sharp'],
    [4, 11, 'sharp'],
    [4, 12, 'opencv'],
  ])('with OpenCV %d.%d takes %s', (major, minor, name) => {
    const decoder = chooseDecoder(openCv(major, minor));
    expect(decoder.name).toBe(name);
    expect(decoder.reason).toContain(`OpenCV ${major}.${minor}`);
  });
});
