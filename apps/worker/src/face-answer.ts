import type { FaceQuality, LocatedFace } from '@facehash/contracts';
import { eyeLine, headPose, type DetectedFace } from '@facehash/vision';

/** A face as every answer about an image shows it. */
export function faceAnswer(face: DetectedFace): LocatedFace {
  const { box, landmarks } = face;
  return { box, landmarks: toPoints(landmarks), quality: qualityOf(face) };
}

function qualityOf({ landmarks, picture }: DetectedFace): FaceQuality {
  const { distance, roll } = eyeLine(landmarks);
  const { sharpness, brightness, clipped } = picture;
  return {
    eye_distance_px: distance,
    roll_deg: (roll * 180) / Math.PI,
    ...headPose(landmarks),
    ...{ sharpness, brightness, clipped },
  };
}

/** To a hundredth of a pixel: far below what landmarks mean, and half the bytes of the answer. */
function toPoints(landmarks: Float32Array): [number, number][] {
  const round = (value: number) => Math.round(value * 100) / 100;
  return Array.from({ length: landmarks.length / 2 }, (_, point) => [
    round(landmarks[2 * point]!),
    round(landmarks[2 * point + 1]!),
  ]);
}
