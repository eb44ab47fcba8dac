import { drawLooks, type Looks } from './looks.js';
import { randomFrom, type Random } from './random.js';

/** Someone who does not exist: a face in numbers. Seeds name people; the same seed is the same person for ever. */
export interface DrawnPerson {
  readonly seed: number;
  readonly face: FaceGeometry;
  readonly looks: Looks;
}

/** Millimetres on a frontal face, measured from the point midway between the pupils; angles in degrees. */
export interface FaceGeometry {
  readonly faceWidth: number;
  readonly jawWidth: number;
  readonly chinWidth: number;
  readonly chinDrop: number;
  readonly crownHeight: number;
  readonly eyeDistance: number;
  readonly eyeWidth: number;
  readonly eyeOpening: number;
  readonly eyeTilt: number;
  readonly browHeight: number;
  readonly browArch: number;
  readonly browTilt: number;
  readonly browLength: number;
  readonly browThickness: number;
  readonly noseLength: number;
  readonly noseWidth: number;
  readonly mouthDrop: number;
  readonly mouthWidth: number;
  readonly upperLip: number;
  readonly lowerLip: number;
}

export function drawPerson(seed: number): DrawnPerson {
  return {
    seed,
    face: drawFace(seed, randomFrom(seed, 1)),
    looks: drawLooks(randomFrom(seed, 2)),
  };
}

/**
 * Lengths are shares of the face's width, since landmark ratios know no size, and their spreads are an adult
 * population's and a little more. Wider ones (faces under 0.8 long, eyes over 0.49 apart) make the
 * landmark model take the mouth for the nose in a photo out of a hundred.
 */
function drawFace(seed: number, random: Random): FaceGeometry {
  const faceWidth = random.between(130, 146);
  const share = (low: number, high: number): number => faceWidth * random.between(low, high);
  const spread = spreadOut(seed);
  const chinDrop = faceWidth * spread(3, 0.81, 0.97);
  const noseLength = chinDrop * spread(1, 0.36, 0.5);
  const eyeDistance = faceWidth * spread(2, 0.385, 0.485);
  return {
    faceWidth,
    jawWidth: share(0.67, 0.91),
    chinWidth: share(0.14, 0.38),
    chinDrop,
    crownHeight: share(0.72, 0.84),
    eyeDistance,
    eyeWidth: eyeDistance * random.between(0.39, 0.52),
    eyeOpening: share(0.056, 0.105),
    eyeTilt: random.between(-6, 9),
    browHeight: share(0.105, 0.19),
    browArch: random.between(0, 8),
    browTilt: random.between(-7, 8),
    browLength: share(0.25, 0.35),
    browThickness: share(0.024, 0.054),
    noseLength,
    noseWidth: share(0.19, 0.33),
    mouthDrop: noseLength + (chinDrop - noseLength) * spread(0, 0.32, 0.48),
    mouthWidth: faceWidth * spread(4, 0.29, 0.47),
    upperLip: faceWidth * spread(5, 0.024, 0.072),
    lowerLip: share(0.04, 0.1),
  };
}

/**
 * The six measures which landmark ratios show most follow the additive sequence R6 (Martin Roberts, 2018), so that any
 * run of seeds is spread evenly over them; left to chance, some strangers are doubles of someone enrolled.
 */
function spreadOut(seed: number): (dimension: number, low: number, high: number) => number {
  // x⁷ = x + 1
  const root = 1.1127756842787055;
  return (dimension, low, high) => {
    const turns = 0.5 + seed * root ** -(6 - dimension);
    return low + (high - low) * (turns - Math.floor(turns));
  };
}
