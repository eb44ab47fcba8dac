import type { FaceQuality, LocatedFace } from '@facehash/contracts';
import { eyeLine, type DetectedFace } from '@facehash/vision';

/** A face as every answer about an image shows it. */
export function faceAnswer({ box, landmarks }: DetectedFace): LocatedFace {
  return { box, landmarks: toPoints(landmarks), quality: qualityOf(landmarks) };
}

function qualityOf(landmarks: Float32Array): FaceQuality {
  const { distance, roll } = eyeLine(landmarks);
  return { eye_distance_px: distance, roll_deg: (roll * 180) / Math.PI };
}

/** To a hundredth of a pixel: far below what landmarks mean, and half the bytes of the answer. */
function toPoints(landmarks: Float32Array): [number, number][] {
  const round = (value: number) => Math.round(value * 100) / 100;
  return Array.from({ length: landmarks.length / 2 }, (_, point) => [
    round(landmarks[2 * point]!),
    round(landmarks[2 * point + 1]!),
  ]);
}
