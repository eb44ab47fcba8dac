import { describe, expect, it } from '@jest/globals';
import { headPose } from './head-pose.js';

/** Eyes 100 apart, the mouth 100 below them, and the nose where it is said; then turned about the origin. */
function face(nose: readonly [x: number, y: number], turned = 0): Float32Array {
  const landmarks = new Float32Array(136);
  const put = (points: readonly number[], x: number, y: number) => {
    const [cos, sin] = [Math.cos(turned), Math.sin(turned)];
    for (const point of points) landmarks.set([cos * x - sin * y, sin * x + cos * y], 2 * point);
  };
  put([36, 37, 38, 39, 40, 41], 100, 100);
  put([42, 43, 44, 45, 46, 47], 200, 100);
  put([48], 115, 200);
  put([54], 185, 200);
  put([30], ...nose);
  return landmarks;
}

describe('headPose', () => {
  it('says nothing of a head that looks into the camera', () => {
    expect(headPose(face([150, 155]))).toEqual({ turn: expect.closeTo(0, 5), nod: expect.closeTo(0.55, 5) });
  });

  it('knows left from right and up from down', () => {
    expect(headPose(face([180, 155])).turn).toBeCloseTo(0.3, 5);
    expect(headPose(face([130, 155])).turn).toBeCloseTo(-0.2, 5);
    expect(headPose(face([150, 130])).nod).toBeCloseTo(0.3, 5);
  });

  it('does not mind a head tilted to the shoulder', () => {
    expect(headPose(face([180, 140], 0.4))).toEqual({
      turn: expect.closeTo(0.3, 4),
      nod: expect.closeTo(0.4, 4),
    });
  });
});
