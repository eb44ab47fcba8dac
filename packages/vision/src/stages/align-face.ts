import { FACE_SIDE } from '@facehash/sface';
import type { Mat, OpenCvModule } from '../opencv.js';
import { withMats } from '../with-mats.js';
import { shrunk } from './cut-patch.js';

/** Which landmarks make a point of the template: eye centres, tip of the nose, corners of the mouth. */
const POINTS: readonly (readonly number[])[] = [
  [36, 37, 38, 39, 40, 41],
  [42, 43, 44, 45, 46, 47],
  [30],
  [48],
  [54],
];

/** Where the network was taught to expect them, in pixels of its 112 × 112 (Deng et al. 2019, ArcFace). */
const TEMPLATE: readonly (readonly [x: number, y: number])[] = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
];

/** x' = a·x − b·y + tx, y' = b·x + a·y + ty: turn, scale and shift. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/** From the template to the face with these landmarks (136 numbers), by least squares. */
export function similarityToFace(landmarks: Float32Array): Similarity {
  const face = POINTS.map((indices) =>
    centre(indices.map((i) => [landmarks[2 * i]!, landmarks[2 * i + 1]!])),
  );
  const [from, to] = [centre(TEMPLATE), centre(face)];
  let [dot, cross, square] = [0, 0, 0];
  TEMPLATE.forEach(([x, y], at) => {
    const [u, v] = [x - from[0], y - from[1]];
    const [p, q] = [face[at]![0] - to[0], face[at]![1] - to[1]];
    dot += u * p + v * q;
    cross += u * q - v * p;
    square += u * u + v * v;
  });
  const [a, b] = [dot / square, cross / square];
  return { a, b, tx: to[0] - a * from[0] + b * from[1], ty: to[1] - b * from[0] - a * from[1] };
}

/** The face with these landmarks, upright in 112 × 112 grey values; beyond the image its outermost pixels are repeated. */
export async function alignFace(image: Mat, landmarks: Float32Array, cv: OpenCvModule): Promise<Uint8Array> {
  const { a, b, tx, ty } = similarityToFace(landmarks);
  return withMats(async (own) => {
    const shrink = Math.max(1, Math.floor(Math.hypot(a, b)));
    const source = shrink === 1 ? image : own(await shrunk(image, shrink, cv));
    const [sx, sy] = [source.cols / image.cols, source.rows / image.rows];
    const matrix = own(
      new cv.Mat(
        [
          [a * sx, -b * sx, (tx + 0.5) * sx - 0.5],
          [b * sy, a * sy, (ty + 0.5) * sy - 0.5],
        ],
        cv.CV_64F,
      ),
    );
    const size = new cv.Size(FACE_SIDE, FACE_SIDE);
    const flags = cv.INTER_LINEAR | cv.WARP_INVERSE_MAP;
    const aligned = own(await source.warpAffineAsync(matrix, size, flags, cv.BORDER_REPLICATE));
    return aligned.getDataAsync();
  });
}

function centre(points: readonly (readonly [number, number])[]): readonly [number, number] {
  let [sumX, sumY] = [0, 0];
  for (const [x, y] of points) {
    sumX += x;
    sumY += y;
  }
  return [sumX / points.length, sumY / points.length];
}
