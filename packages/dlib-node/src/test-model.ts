/** Models drawn by numbers, for the tests, in the terms of dlib's shape_predictor and in its serialised form. */

export interface DrawnModel {
  version: number;
  /** x0, y0, x1, y1, … with the box as the unit square */
  shape: number[];
  /** cascade → tree */
  forests: DrawnTree[][];
  /** cascade → feature → the landmark it is placed by */
  anchors: number[][];
  /** cascade → feature → its place relative to that landmark */
  deltas: [number, number][][];
}

interface DrawnTree {
  splits: [first: number, second: number, threshold: number][];
  leaves: number[][];
}

/** Small but complete: 5 points (rows of 10 floats, so padding matters), 3 levels of 10 trees with 8 leaves. */
export function drawModel(seed = 1): DrawnModel {
  const random = randomNumbers(seed);
  const between = (least: number, most: number) => least + random() * (most - least);
  const whole = (below: number) => Math.floor(random() * below);
  const many = <T>(count: number, make: () => T) => Array.from({ length: count }, make);
  const points = 5;
  const features = 20;
  const cascades = 3;

  const tree = (): DrawnTree => ({
    splits: many(7, () => [whole(features), whole(features), between(-30, 30)]),
    leaves: many(8, () => many(points * 2, () => between(-0.02, 0.02))),
  });
  return {
    version: 1,
    shape: many(points * 2, () => between(0.1, 0.9)),
    forests: many(cascades, () => many(10, tree)),
    anchors: many(cascades, () => many(features, () => whole(points))),
    deltas: many(cascades, () => many(features, () => [between(-0.3, 0.3), between(-0.3, 0.3)])),
  };
}

/** The bytes of dlib::serialize(shape_predictor) (dlib/serialize.h, dlib/float_details.h). */
export function serializeModel(model: DrawnModel): Buffer {
  return Buffer.concat([
    integer(model.version),
    column(model.shape),
    list(model.forests, (level) =>
      list(level, ({ splits, leaves }) =>
        Buffer.concat([
          list(splits, ([first, second, threshold]) =>
            Buffer.concat([integer(first), integer(second), float(threshold)]),
          ),
          list(leaves, column),
        ]),
      ),
    ),
    list(model.anchors, (level) => list(level, integer)),
    list(model.deltas, (level) => list(level, ([x, y]) => Buffer.concat([float(x), float(y)]))),
  ]);
}

/** A control byte (bit 7 the sign, the low bits the number of bytes), then the magnitude, lowest byte first. */
function integer(value: number): Buffer {
  const bytes: number[] = [];
  let rest = Math.abs(value);
  do {
    bytes.push(rest % 256);
    rest = Math.floor(rest / 256);
  } while (rest > 0);
  return Buffer.from([bytes.length | (value < 0 ? 0x80 : 0), ...bytes]);
}

/** Mantissa and exponent; the exponent 32002 says NaN. */
function float(value: number): Buffer {
  if (Number.isNaN(value)) return Buffer.concat([integer(0), integer(32_002)]);
  return Buffer.concat([integer(Math.round(value * 2 ** 24)), integer(-24)]);
}

/** A matrix of one column; dlib writes both sizes negated. */
function column(values: readonly number[]): Buffer {
  return Buffer.concat([integer(-values.length), integer(-1), ...values.map(float)]);
}

function list<T>(items: readonly T[], serialize: (item: T) => Buffer): Buffer {
  return Buffer.concat([integer(items.length), ...items.map(serialize)]);
}

/** mulberry32 */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
