import type { Colour } from './colour.js';
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

/** What the ratios never see, and visitors do. */
export interface Looks {
  readonly skin: Colour;
  readonly hair: Colour;
  readonly iris: Colour;
  readonly shirt: Colour;
  readonly hairStyle: HairStyle;
  readonly lipRedness: number;
}

export type HairStyle = 'crop' | 'parted' | 'swept' | 'bob' | 'long' | 'bun' | 'curls';

export function drawPerson(seed: number): DrawnPerson {
  return { seed, face: drawFace(randomFrom(seed, 1)), looks: drawLooks(randomFrom(seed, 2)) };
}

/** Even spreads wider than an adult population's, so that a dozen people already differ by more than one person's photos do. */
function drawFace(random: Random): FaceGeometry {
  const faceWidth = random.between(124, 154);
  const chinDrop = random.between(100, 130);
  const noseLength = chinDrop * random.between(0.36, 0.5);
  const eyeDistance = random.between(55, 71);
  return {
    faceWidth,
    jawWidth: faceWidth * random.between(0.7, 0.9),
    chinWidth: random.between(22, 50),
    chinDrop,
    crownHeight: random.between(98, 116),
    eyeDistance,
    eyeWidth: eyeDistance * random.between(0.4, 0.5),
    eyeOpening: random.between(8.5, 14),
    eyeTilt: random.between(-5, 8),
    browHeight: random.between(15, 25),
    browArch: random.between(1, 7),
    browTilt: random.between(-6, 9),
    browLength: random.between(36, 48),
    browThickness: random.between(3.5, 7),
    noseLength,
    noseWidth: random.between(27, 43),
    mouthDrop: noseLength + (chinDrop - noseLength) * random.between(0.33, 0.47),
    mouthWidth: random.between(42, 64),
    upperLip: random.between(4, 9.5),
    lowerLip: random.between(6, 13),
  };
}

function drawLooks(random: Random): Looks {
  const skin = random.pick<Colour>([
    [244, 208, 184],
    [236, 194, 164],
    [226, 178, 142],
    [206, 156, 120],
    [178, 126, 92],
    [150, 102, 74],
  ]);
  return {
    skin,
    hair: random.pick<Colour>([
      [38, 28, 26],
      [66, 44, 32],
      [98, 64, 40],
      [142, 96, 56],
      [186, 146, 92],
      [120, 58, 34],
      [146, 142, 140],
    ]),
    iris: random.pick<Colour>([
      [84, 54, 34],
      [110, 76, 44],
      [86, 104, 70],
      [82, 118, 146],
      [104, 116, 126],
    ]),
    shirt: random.pick<Colour>([
      [52, 84, 120],
      [150, 62, 58],
      [66, 104, 88],
      [214, 206, 192],
      [88, 74, 110],
      [204, 154, 70],
      [60, 62, 70],
    ]),
    hairStyle: random.pick<HairStyle>(['crop', 'parted', 'swept', 'bob', 'long', 'bun', 'curls']),
    lipRedness: random.between(0.25, 0.6),
  };
}
