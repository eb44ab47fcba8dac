import type { FaceQuality } from '@facehash/contracts';

/** The eyes in the 68-point scheme, by their place in the picture: six points each. */
const LEFT_EYE = 36;
const RIGHT_EYE = 42;

/** @param landmarks x0, y0, x1, y1, … of 68 points, pixels of the upright image */
export function faceQuality(landmarks: Float32Array): FaceQuality {
  const left = eyeCentre(landmarks, LEFT_EYE);
  const right = eyeCentre(landmarks, RIGHT_EYE);
  const dx = right.x - left.x;
  const dy = right.y - left.y;
  // y grows downwards, so a positive angle turns clockwise for whoever looks at the picture.
  return { eye_distance_px: Math.hypot(dx, dy), roll_deg: (Math.atan2(dy, dx) * 180) / Math.PI };
}

function eyeCentre(landmarks: Float32Array, first: number) {
  let x = 0;
  let y = 0;
  for (let point = first; point < first + 6; point++) {
    x += landmarks[2 * point]! / 6;
    y += landmarks[2 * point + 1]! / 6;
  }
  return { x, y };
}
