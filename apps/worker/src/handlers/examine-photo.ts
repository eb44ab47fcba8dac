import { isAppError, REFUSAL_REASONS, type BoundingBox, type RefusalReason } from '@facehash/contracts';
import type { FaceAnalyzer } from '@facehash/vision';

/** A photo of a training: the landmarks of its one face, or why it cannot be used. */
export type Finding =
  { readonly landmarks: Float32Array } | { readonly reason: RefusalReason; readonly detail: string };

/** Below this the landmarks of a face wander by more than people differ. */
const SMALLEST_FACE_PX = 40;

/** A second face this wide, next to the largest, could as well be the person meant; smaller ones are bystanders. */
const RIVAL_SHARE = 0.6;

/**
 * @throws whatever the analyzer throws that is not the photo's fault
 */
export async function examinePhoto(photo: Uint8Array, analyzer: FaceAnalyzer): Promise<Finding> {
  try {
    const { image, faces } = await analyzer.analyze(photo, { profile: 'ratios', maxFaces: 1 });
    const face = faces[0];
    if (face === undefined) return refuse('NO_FACE');
    if (face.box.width < SMALLEST_FACE_PX) return refuse('FACE_TOO_SMALL');
    if (hasRoomForRival(image, face.box) && (await seesRival(photo, face.box, analyzer)))
      return refuse('SEVERAL_FACES');
    return { landmarks: face.landmarks };
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

function refuse(reason: RefusalReason): Finding {
  return { reason, detail: REFUSAL_REASONS[reason] };
}

/** Whether a rival fits beside, above or below the largest face: where it fills the photo, the second look is saved. */
function hasRoomForRival(
  { width, height }: { width: number; height: number },
  largest: BoundingBox,
): boolean {
  const room = Math.max(
    largest.left,
    width - largest.left - largest.width,
    largest.top,
    height - largest.top - largest.height,
  );
  return room >= RIVAL_SHARE * largest.width;
}

/** The profile for one face stops at the first it finds, so company needs a look of its own. */
async function seesRival(photo: Uint8Array, largest: BoundingBox, analyzer: FaceAnalyzer): Promise<boolean> {
  const { faces } = await analyzer.analyze(photo, { profile: 'group', maxFaces: 4 });
  return faces.some(({ box }) => box.width >= RIVAL_SHARE * largest.width && !overlaps(box, largest));
}

/** Whether the centre of one lies inside the other: then both are the same face. */
function overlaps(a: BoundingBox, b: BoundingBox): boolean {
  const inside = (p: BoundingBox, q: BoundingBox) =>
    p.left + p.width / 2 > q.left &&
    p.left + p.width / 2 < q.left + q.width &&
    p.top + p.height / 2 > q.top &&
    p.top + p.height / 2 < q.top + q.height;
  return inside(a, b) || inside(b, a);
}
