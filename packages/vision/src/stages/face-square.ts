import type { BoundingBox } from '@facehash/contracts';

/** The square a face is looked at through, turned with the head. Angles in radians, clockwise as y points down. */
export interface FaceSquare {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly roll: number;
}

/**
 * The landmark model was trained on the boxes of dlib's own detector, which lie deeper in the face than Haar's by this part
 * of the width. Fitted on ORL, without identities (1.6 points of rank-1).
 */
const HAAR_TO_DLIB = 0.11;

export function squareFromBox({ left, top, width, height }: BoundingBox): FaceSquare {
  return { x: left + width / 2, y: top + height / 2 + HAAR_TO_DLIB * width, side: width, roll: 0 };
}

/** Fitted like HAAR_TO_DLIB: side of dlib's box over the rms radius of the points 17–67, and its centre below their mean. */
const SIDE_PER_RADIUS = 3.28;
const CENTRE_BELOW_MEAN = 0.035;

const FIRST_INNER_POINT = 17;
const POINTS = 68;

/** The square that dlib's detector would give for these landmarks (136 numbers), upright in the face's own frame. */
export function squareFromLandmarks(landmarks: Float32Array): FaceSquare {
  const { x, y, rms } = innerPoints(landmarks);
  const { roll } = eyeLine(landmarks);
  const side = SIDE_PER_RADIUS * rms;
  const below = CENTRE_BELOW_MEAN * side;
  return { x: x - below * Math.sin(roll), y: y + below * Math.cos(roll), side, roll };
}

/**
 * Mean of the points 17–67 and their root mean square distance from it. The jaw (0–16) is left out: of all points it moves
 * most with expression and pose.
 */
export function innerPoints(landmarks: Float32Array): { x: number; y: number; rms: number } {
  const mean = meanOf(landmarks, FIRST_INNER_POINT, POINTS);
  let squares = 0;
  for (let point = FIRST_INNER_POINT; point < POINTS; point++) {
    squares += (landmarks[2 * point]! - mean.x) ** 2 + (landmarks[2 * point + 1]! - mean.y) ** 2;
  }
  return { ...mean, rms: Math.sqrt(squares / (POINTS - FIRST_INNER_POINT)) };
}

/**
 * From the centre of one eye (points 36–41) to the other's (42–47): its length, its angle in radians, clockwise positive, and its
 * middle.
 */
export function eyeLine(landmarks: Float32Array): {
  distance: number;
  roll: number;
  middle: { x: number; y: number };
} {
  const first = meanOf(landmarks, 36, 42);
  const second = meanOf(landmarks, 42, 48);
  const [dx, dy] = [second.x - first.x, second.y - first.y];
  const middle = { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 };
  return { distance: Math.hypot(dx, dy), roll: Math.atan2(dy, dx), middle };
}

function meanOf(landmarks: Float32Array, from: number, to: number): { x: number; y: number } {
  let [x, y] = [0, 0];
  for (let point = from; point < to; point++) {
    x += landmarks[2 * point]!;
    y += landmarks[2 * point + 1]!;
  }
  return { x: x / (to - from), y: y / (to - from) };
}
