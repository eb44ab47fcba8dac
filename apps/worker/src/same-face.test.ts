import { describe, expect, it } from '@jest/globals';
import { countFaces } from './same-face.js';

const box = (left: number, top: number, side: number) => ({ left, top, width: side, height: side });

describe('countFaces', () => {
  it.each([
    ['none', [], 0],
    ['two side by side', [box(0, 0, 100), box(100, 0, 100)], 2],
    ['one that was found twice', [box(0, 0, 100), box(20, 10, 90)], 1],
    ['one found within another', [box(0, 0, 200), box(80, 80, 40)], 1],
    ['two, one of them twice', [box(0, 0, 100), box(300, 0, 90), box(10, 5, 80)], 2],
  ])('counts %s', (_name, boxes, count) => {
    expect(countFaces(boxes)).toBe(count);
  });
});
