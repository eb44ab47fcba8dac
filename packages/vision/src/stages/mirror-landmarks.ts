/** Which point lies where in a mirror, in the 68-point scheme of iBUG; points on the midline map to themselves. */
const MIRRORED: readonly number[] = mirrorTable([
  ...range(0, 8).map((jaw): Pair => [jaw, 16 - jaw]),
  ...range(17, 22).map((brow): Pair => [brow, 43 - brow]),
  ...([
    [31, 35],
    [32, 34],
  ] as const), // nostrils
  ...([
    [36, 45],
    [37, 44],
    [38, 43],
    [39, 42],
    [40, 47],
    [41, 46],
  ] as const), // eyes
  ...([
    [48, 54],
    [49, 53],
    [50, 52],
    [55, 59],
    [56, 58],
  ] as const), // outer lips
  ...([
    [60, 64],
    [61, 63],
    [65, 67],
  ] as const), // inner lips
]);

/** Landmarks found in a mirrored picture of this width, as they lie in the picture itself. */
export function unmirrorLandmarks(landmarks: Float32Array, width: number): Float32Array {
  const result = new Float32Array(landmarks.length);
  MIRRORED.forEach((source, point) => {
    result[2 * point] = width - 1 - landmarks[2 * source]!;
    result[2 * point + 1] = landmarks[2 * source + 1]!;
  });
  return result;
}

type Pair = readonly [number, number];

function mirrorTable(pairs: readonly Pair[]): number[] {
  const table = range(0, 68);
  for (const [a, b] of pairs) [table[a], table[b]] = [b, a];
  return table;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}
