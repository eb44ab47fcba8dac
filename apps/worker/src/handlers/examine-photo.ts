import {
  FEATURE_SET_NAMES,
  isAppError,
  REFUSAL_REASONS,
  type PhotoWarningCode,
  type RefusalReason,
} from '@facehash/contracts';
import type { DetectedFace, FaceAnalyzer } from '@facehash/vision';
import { isSameFace } from '../same-face.js';
import { refusalOf, warningsOf, type Fault } from './photo-limits.js';

/** A photo of a training: its one face, or why it cannot be used. */
export type Finding =
  | { readonly face: DetectedFace; readonly warnings: readonly Fault<PhotoWarningCode>[] }
  | {
      readonly reason: RefusalReason;
      readonly detail: string;
      readonly value?: number;
      readonly limit?: number;
    };

/**
 * A second face this wide, next to the largest, could as well be the person meant; smaller ones are bystanders. The search
 * that finds the largest face finds such a one too, so this costs nothing. On 483 photos of LFW (2026-11) it refused 9 with
 * two people and 3 with one, where the cascade took a tie or a text for a face.
 */
const RIVAL_SHARE = 0.6;

/** @throws whatever the analyzer throws that is not the photo's fault */
export async function examinePhoto(photo: Uint8Array, analyzer: FaceAnalyzer): Promise<Finding> {
  try {
    const { faces, boxes } = await analyzer.analyze(photo, {
      profile: 'thorough',
      maxFaces: 1,
      features: FEATURE_SET_NAMES,
    });
    const face = faces[0];
    if (face === undefined) return refuse('NO_FACE');
    const fault = refusalOf(face);
    if (fault !== undefined) {
      const { code: reason, ...measured } = fault;
      return { ...refuse(reason), ...measured };
    }
    const hasRival = boxes.some(
      (box) => box.width >= RIVAL_SHARE * face.box.width && !isSameFace(box, face.box),
    );
    return hasRival ? refuse('SEVERAL_FACES') : { face, warnings: warningsOf(face) };
  } catch (error) {
    const reason = isAppError(error) ? PHOTO_FAULTS[error.code] : undefined;
    if (reason === undefined) throw error;
    return { reason, detail: (error as Error).message };
  }
}

const PHOTO_FAULTS: Partial<Record<string, RefusalReason>> = {
  IMAGE_EMPTY: 'UNREADABLE',
  IMAGE_TYPE_UNSUPPORTED: 'UNREADABLE',
  IMAGE_UNREADABLE: 'UNREADABLE',
  IMAGE_TOO_MANY_PIXELS: 'TOO_MANY_PIXELS',
};

function refuse(reason: RefusalReason) {
  return { reason, detail: REFUSAL_REASONS[reason] };
}
