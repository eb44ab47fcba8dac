import { innerPoints } from './face-square.js';

const POINTS = 68;
export const PAIRS = (POINTS * (POINTS - 1)) / 2;

/** Distances between all pairs of points i < j (0–1, 0–2, …, 66–67) over the face's size: the rms radius of the points 17–67. */
export function ratioFeatures(landmarks: Float32Array): Float32Array {
  if (landmarks.length !== 2 * POINTS) {
    throw new RangeError(`expected ${2 * POINTS} coordinates, got ${landmarks.length}`);
  }
  const { rms } = innerPoints(landmarks);
  const ratios = new Float32Array(PAIRS);
  let at = 0;
  for (let i = 0; i < POINTS; i++) {
    for (let j = i + 1; j < POINTS; j++) {
      const dx = landmarks[2 * i]! - landmarks[2 * j]!;
      const dy = landmarks[2 * i + 1]! - landmarks[2 * j + 1]!;
      ratios[at++] = Math.sqrt(dx * dx + dy * dy) / rms;
    }
  }
  return ratios;
}
