import type { DetectionProfileName } from '@facehash/contracts';

/** One search for faces. Lengths are fractions, so that a profile fits every photo. */
export interface DetectionStage {
  readonly cascade: CascadeName;
  /** The image is searched with this longest side in pixels (or its own, if that is shorter). */
  readonly side: number;
  /** Step between the sizes searched. */
  readonly scaleFactor: number;
  /** Overlapping hits a face needs; free in time. */
  readonly minNeighbors: number;
  /** Smallest face searched, of the short side. It sets the cost more than anything else. */
  readonly smallestFace: number;
  /** Border added on each side, of that side, by repeating the outermost pixels. A tight portrait has no room for the cascade's window. */
  readonly padding: number;
  readonly equalize: boolean;
}

export type CascadeName = 'alt2' | 'default';

export const CASCADE_FILES: Readonly<Record<CascadeName, string>> = {
  alt2: 'haarcascade_frontalface_alt2.xml',
  default: 'haarcascade_frontalface_default.xml',
};

/** A photo's smaller side of the search: below it the cascades' windows (20 and 24 px) cover too much of a face. */
export const SMALLEST_SEARCH_SIDE = 240;

const search: DetectionStage = {
  cascade: 'alt2',
  side: 640,
  scaleFactor: 1.1,
  minNeighbors: 3,
  smallestFace: 0.1,
  padding: 0,
  equalize: false,
};

/**
 * The chain C1: each stage only runs when those before found nothing. It finds 398 of ORL's 400 tight portraits and every face
 * of 322 LFW photos (2026-11).
 */
const chain: readonly DetectionStage[] = [
  search,
  { ...search, padding: 0.25 },
  { ...search, cascade: 'default', minNeighbors: 4, equalize: true },
];

/** A stage of a search whose boxes are judged by the gate, one after the other. */
export interface GatedStage extends DetectionStage {
  /** At most so many boxes are judged; each costs a pass of the network. */
  readonly boxes: number;
}

/** A single hit is enough to be judged. */
const gated: Omit<GatedStage, 'boxes'> = { ...search, minNeighbors: 1 };

export interface DetectionProfile {
  /** Where nothing but the cascades can tell a face. */
  readonly plain: readonly DetectionStage[];
  /** Where the embedding can: coarse and greedy, as a false box costs time only. */
  readonly gated: readonly GatedStage[];
}

export const DETECTION_PROFILES = {
  /** Clear, large faces; every third photo of a crowd's edge is given up early. */
  fast: {
    plain: [
      { ...search, side: 480, scaleFactor: 1.2, smallestFace: 0.3 },
      { ...search, side: 320, smallestFace: 0.15, padding: 0.25 },
    ],
    gated: [
      { ...gated, side: 480, scaleFactor: 1.3, smallestFace: 0.3, boxes: 3 },
      { ...gated, side: 320, scaleFactor: 1.2, smallestFace: 0.3, padding: 0.25, boxes: 3 },
      { ...gated, side: 240, scaleFactor: 1.3, smallestFace: 0.15, boxes: 3 },
    ],
  },
  /** Large faces first and coarsely, which is where most photos end. Costs no accuracy (docs/adr/0005). */
  balanced: {
    plain: [{ ...search, side: 480, smallestFace: 0.3 }, ...chain],
    gated: [
      { ...gated, side: 480, scaleFactor: 1.2, smallestFace: 0.3, boxes: 4 },
      { ...gated, side: 320, smallestFace: 0.3, padding: 0.25, boxes: 4 },
      { ...gated, side: 320, scaleFactor: 1.2, boxes: 4 },
    ],
  },
  /** For enrolment. Without the gate small faces are searched from the start, so that company in the background is noticed too. */
  thorough: {
    plain: chain,
    gated: [
      { ...gated, side: 480, smallestFace: 0.3, boxes: 4 },
      { ...gated, side: 320, smallestFace: 0.3, padding: 0.25, boxes: 4 },
      { ...gated, side: 320, scaleFactor: 1.2, boxes: 4 },
      { ...gated, scaleFactor: 1.2, smallestFace: 0.05, boxes: 6 },
    ],
  },
  /** Every face, down to 5 % of the short side; the stages after the first only where it finds none. */
  group: {
    plain: chain.map((stage) => ({ ...stage, smallestFace: 0.05 })),
    gated: [
      { ...gated, side: 480, smallestFace: 0.05, boxes: 64 },
      { ...gated, side: 320, smallestFace: 0.3, padding: 0.25, boxes: 4 },
    ],
  },
} as const satisfies Record<DetectionProfileName | 'group', DetectionProfile>;

export type ProfileName = keyof typeof DETECTION_PROFILES;
