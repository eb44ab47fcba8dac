import { describe, expect, it } from '@jest/globals';
import { faceQuality } from './face-quality.js';

function eyesAt(left: readonly [number, number], right: readonly [number, number]): Float32Array {
  const landmarks = new Float32Array(136);
  for (let point = 36; point < 48; point++) landmarks.set(point < 42 ? left : right, 2 * point);
  return landmarks;
}

describe('faceQuality', () => {
  it('measures the distance of the eye centres', () => {
    expect(faceQuality(eyesAt([10, 20], [70, 100])).eye_distance_px).toBeCloseTo(100, 4);
  });

  it('is level when the eyes are, and positive when the right one in the picture hangs lower', () => {
    expect(faceQuality(eyesAt([10, 20], [70, 20])).roll_deg).toBeCloseTo(0, 6);
    expect(faceQuality(eyesAt([10, 20], [70, 80])).roll_deg).toBeCloseTo(45, 4);
  });
});
