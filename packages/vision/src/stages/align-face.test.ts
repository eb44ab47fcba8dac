import { describe, expect, it } from '@jest/globals';
import { similarityToFace } from './align-face.js';

/** Landmarks whose five points are those of the network's template. */
function templateLandmarks(): Float32Array {
  const landmarks = new Float32Array(136);
  const put = (indices: readonly number[], x: number, y: number) => {
    for (const index of indices) landmarks.set([x, y], 2 * index);
  };
  put([36, 37, 38, 39, 40, 41], 38.2946, 51.6963);
  put([42, 43, 44, 45, 46, 47], 73.5318, 51.5014);
  put([30], 56.0252, 71.7366);
  put([48], 41.5493, 92.3655);
  put([54], 70.7299, 92.2041);
  return landmarks;
}

describe('similarityToFace', () => {
  it('leaves a face alone that lies as the network expects it', () => {
    const { a, b, tx, ty } = similarityToFace(templateLandmarks());
    expect(a).toBeCloseTo(1, 5);
    for (const other of [b, tx, ty]) expect(other).toBeCloseTo(0, 4);
  });

  it('finds how a face is turned, scaled and moved', () => {
    const [turn, scale, dx, dy] = [0.4, 2.5, 300, 120];
    const [cos, sin] = [scale * Math.cos(turn), scale * Math.sin(turn)];
    const template = templateLandmarks();
    const face = template.map((value, at) =>
      at % 2 === 0 ? cos * value - sin * template[at + 1]! + dx : sin * template[at - 1]! + cos * value + dy,
    );
    const { a, b, tx, ty } = similarityToFace(face);
    expect([a, b]).toEqual([expect.closeTo(cos, 4), expect.closeTo(sin, 4)]);
    expect([tx, ty]).toEqual([expect.closeTo(dx, 2), expect.closeTo(dy, 2)]);
  });
});
