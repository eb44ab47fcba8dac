import { describe, expect, it } from '@jest/globals';
import { packBoxes, validateBox } from './box.js';

const image = { width: 100, height: 80 };
const box = { left: 10, top: 20, width: 30, height: 40 };
const invalid = expect.objectContaining({ name: 'DlibError', code: 'BOX_INVALID' });

describe('validateBox', () => {
  it.each([
    ['inside the image', box],
    ['with fractions', { left: 10.25, top: 20.5, width: 30.75, height: 40.125 }],
    ['of one pixel', { ...box, width: 1, height: 1 }],
    ['that leaves the image on every side', { left: -50, top: -50, width: 200, height: 200 }],
    ['that touches the last column', { ...box, left: 99.5 }],
  ])('takes a box %s', (_, taken) => {
    expect(() => {
      validateBox(taken, image);
    }).not.toThrow();
  });

  it.each([
    ['NaN as its place', { ...box, left: Number.NaN }],
    ['an infinite side', { ...box, height: Number.POSITIVE_INFINITY }],
    ['a side of 0', { ...box, width: 0 }],
    ['a negative side', { ...box, height: -40 }],
    ['a side below one pixel', { ...box, width: 0.5 }],
    ['nothing in common with the image on the left', { ...box, left: -30 }],
    ['nothing in common with the image on the right', { ...box, left: 100 }],
    ['nothing in common with the image above', { ...box, top: -40 }],
    ['nothing in common with the image below', { ...box, top: 80 }],
  ])('refuses a box with %s', (_, refused) => {
    expect(() => {
      validateBox(refused, image);
    }).toThrow(invalid);
  });

  it('says what came', () => {
    expect(() => {
      validateBox({ ...box, width: -3 }, image);
    }).toThrow('left 10, top 20, -3 × 40');
  });
});

describe('packBoxes', () => {
  it('puts four numbers a box, in order', () => {
    expect([...packBoxes([box, { left: 0.5, top: 1, width: 2, height: 3 }])]).toEqual([
      10, 20, 30, 40, 0.5, 1, 2, 3,
    ]);
  });
});
