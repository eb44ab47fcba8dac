import { eyeLine } from '../stages/face-square.js';

/** How a head is turned, told by where its nose stands among eyes and mouth. Proxies without a unit, not degrees. */
export interface HeadPose {
  /**
   * How far the tip of the nose stands beside the line that halves the eyes, in eye distances; 0 looks into the camera. Positive
   * towards the right of the picture, where the person's own left is.
   */
  readonly turn: number;
  /** How far the tip of the nose has come from the eyes (0) to the mouth (1); lower with the head raised. */
  readonly nod: number;
}

const TIP_OF_NOSE = 30;
const LEFT_OF_MOUTH = 48;
const RIGHT_OF_MOUTH = 54;

/** @param landmarks 136 numbers; in the face's own frame, so that a head tilted to the shoulder is not turned */
export function headPose(landmarks: Float32Array): HeadPose {
  const { distance, roll, middle } = eyeLine(landmarks);
  const [cos, sin] = [Math.cos(roll), Math.sin(roll)];
  const inFrame = (point: number): { beside: number; below: number } => {
    const [dx, dy] = [landmarks[2 * point]! - middle.x, landmarks[2 * point + 1]! - middle.y];
    return { beside: cos * dx + sin * dy, below: cos * dy - sin * dx };
  };
  const nose = inFrame(TIP_OF_NOSE);
  const mouth = (inFrame(LEFT_OF_MOUTH).below + inFrame(RIGHT_OF_MOUTH).below) / 2;
  return { turn: nose.beside / distance, nod: nose.below / mouth };
}
