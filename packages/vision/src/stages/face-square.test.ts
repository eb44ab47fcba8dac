import { describe, expect, it } from '@jest/globals';
import { eyeLine, squareFromBox, squareFromLandmarks } from './face-square.js';

/** Points on a circle per group are enough: eyes left and right of x = 0, the rest around the origin. */
function points(angle: number): Float32Array {
  const result = new Float32Array(136);
  for (let point = 0; point < 68; point++) {
    const eye = point >= 36 && point < 42 ? -30 : point >= 42 && point < 48 ? 30 : 0;
    const turn = (2 * Math.PI * point) / 6;
    const [x, y] = [eye + 10 * Math.cos(turn), 10 * Math.sin(turn)];
    result[2 * point] = 200 + x * Math.cos(angle) - y * Math.sin(angle);
    result[2 * point + 1] = 100 + x * Math.sin(angle) + y * Math.cos(angle);
  }
  return result;
}

describe('squares around faces', () => {
  it('lie .11 of the width below the middle of a Haar box', () => {
    expect(squareFromBox({ left: 10, top: 20, width: 100, height: 100 })).toEqual({
      x: 60,
      y: 81,
      side: 100,
      roll: 0,
    });
  });

  it('turn with the head, and move along with it', () => {
    const upright = squareFromLandmarks(points(0));
    const turned = squareFromLandmarks(points(0.5));
    expect(upright.roll).toBeCloseTo(0, 5);
    expect(turned.roll).toBeCloseTo(0.5, 5);
    expect(turned.side).toBeCloseTo(upright.side, 3);
    const below = upright.y - 100;
    expect(turned.x).toBeCloseTo(200 - below * Math.sin(0.5) + (upright.x - 200) * Math.cos(0.5), 1);
    expect(turned.y).toBeCloseTo(100 + below * Math.cos(0.5) + (upright.x - 200) * Math.sin(0.5), 1);
  });
});

describe('eyeLine', () => {
  it('is the distance and the angle between the eye centres', () => {
    const { distance, roll } = eyeLine(points(-0.2));
    expect(distance).toBeCloseTo(60, 3);
    expect(roll).toBeCloseTo(-0.2, 5);
  });
});
