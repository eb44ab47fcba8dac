import type { PhotoWarningCode, RefusalReason } from '@facehash/contracts';
import { headPose, type DetectedFace } from '@facehash/vision';

/** A limit that a photo has passed. */
export interface Fault<Code> {
  readonly code: Code;
  readonly value: number;
  readonly limit: number;
}

interface Limit {
  readonly measure: (face: DetectedFace) => number;
  /** Worse is above the limits; below them otherwise. */
  readonly above: boolean;
  readonly refused?: readonly [limit: number, reason: RefusalReason];
  readonly warned: readonly [limit: number, code: PhotoWarningCode];
}

/**
 * From where a photo is refused, and from where it is used with a warning: docs/enrolment.md has the measurements behind each. None
 * of the refusals meets a single photo of LFW or ORL.
 */
const LIMITS: readonly Limit[] = [
  {
    measure: ({ box }) => box.width,
    above: false,
    refused: [30, 'FACE_TOO_SMALL'],
    warned: [50, 'SMALL_FACE'],
  },
  {
    measure: ({ picture }) => picture.sharpness,
    above: false,
    refused: [0.008, 'BLURRED'],
    warned: [0.02, 'SOFT'],
  },
  {
    measure: ({ picture }) => picture.brightness,
    above: false,
    refused: [0.1, 'TOO_DARK'],
    warned: [0.2, 'DARK'],
  },
  {
    measure: ({ picture }) => picture.clipped,
    above: true,
    refused: [0.5, 'OVEREXPOSED'],
    warned: [0.15, 'HARSH_LIGHT'],
  },
  {
    measure: ({ landmarks }) => Math.abs(headPose(landmarks).turn),
    above: true,
    warned: [0.3, 'TURNED_ASIDE'],
  },
  {
    measure: ({ landmarks }) => Math.abs(headPose(landmarks).nod - LEVEL_NOD),
    above: true,
    warned: [0.25, 'LOOKED_UP_OR_DOWN'],
  },
];

/** Of a head held level: the median of LFW and ORL is .51. */
const LEVEL_NOD = 0.5;

/** The first limit that rules a face out. */
export function refusalOf(face: DetectedFace): Fault<RefusalReason> | undefined {
  return LIMITS.flatMap(({ refused, ...rest }) => passed(face, rest, refused))[0];
}

/** Everything that is worth saying of a face that is used. */
export function warningsOf(face: DetectedFace): Fault<PhotoWarningCode>[] {
  return LIMITS.flatMap(({ warned, ...rest }) => passed(face, rest, warned));
}

function passed<Code>(
  face: DetectedFace,
  { measure, above }: Pick<Limit, 'measure' | 'above'>,
  limit: readonly [limit: number, code: Code] | undefined,
): Fault<Code>[] {
  if (limit === undefined) return [];
  const value = measure(face);
  const [at, code] = limit;
  return (above ? value > at : value < at) ? [{ code, value, limit: at }] : [];
}
