import type { Colour } from './colour.js';
import type { Random } from './random.js';

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

const BLACK: Colour = [38, 30, 30];
const BROWN: Colour = [74, 48, 34];
const CHESTNUT: Colour = [118, 74, 44];
const FAIR: Colour = [186, 146, 92];
const RED: Colour = [132, 62, 34];
const GREY: Colour = [150, 146, 144];

interface Complexion {
  readonly skin: Colour;
  readonly hairs: readonly [Colour, ...Colour[]];
}

const COMPLEXIONS: readonly [Complexion, ...Complexion[]] = [
  { skin: [244, 208, 184], hairs: [FAIR, RED, CHESTNUT, BROWN, GREY] },
  { skin: [236, 194, 164], hairs: [BLACK, BROWN, CHESTNUT, FAIR, GREY] },
  { skin: [226, 178, 142], hairs: [BLACK, BROWN, CHESTNUT] },
  { skin: [206, 156, 120], hairs: [BLACK, BROWN, GREY] },
  { skin: [178, 126, 92], hairs: [BLACK, BROWN] },
  { skin: [150, 102, 74], hairs: [BLACK, GREY] },
];

export function drawLooks(random: Random): Looks {
  const { skin, hairs } = random.pick(COMPLEXIONS);
  return {
    skin,
    hair: random.pick(hairs),
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
    lipRedness: random.between(0.4, 0.7),
  };
}
