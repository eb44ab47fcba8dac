import { isAppError, type BoundingBox, type FeatureSetName } from '@facehash/contracts';
import type { MeasuredPhoto, MeasuredProbe } from '@facehash/evaluation';
import { FEATURE_SETS, type FaceAnalyzer } from '@facehash/vision';
import { examinePhoto } from '../handlers/examine-photo.js';
import { isSameFace } from '../same-face.js';

/** A photo as enrolment takes it, and as recognition searches it for a key of either feature set. */
export async function measurePhoto(photo: Uint8Array, analyzer: FaceAnalyzer): Promise<MeasuredPhoto> {
  const finding = await examinePhoto(photo, analyzer);
  const face = 'face' in finding ? finding.face : undefined;
  const probe = (features: FeatureSetName) => measureProbe(photo, { features, seen: face?.box }, analyzer);
  return {
    enrolled: face && { ratios: FEATURE_SETS.ratios.of(face), embedding: FEATURE_SETS.embedding.of(face) },
    probes: { ratios: await probe('ratios'), embedding: await probe('embedding') },
  };
}

/** @param seen where enrolment sees the face; the search for one feature set may have taken something else for it */
async function measureProbe(
  photo: Uint8Array,
  { features, seen }: { features: FeatureSetName; seen: BoundingBox | undefined },
  analyzer: FaceAnalyzer,
): Promise<MeasuredProbe> {
  try {
    const options = { profile: 'balanced', maxFaces: 1, features: [features] } as const;
    const face = (await analyzer.analyze(photo, options)).faces[0];
    if (face === undefined) return { fate: 'undetected', vector: undefined };
    const fate = seen === undefined || isSameFace(face.box, seen) ? 'placed' : 'misplaced';
    return { fate, vector: FEATURE_SETS[features].of(face) };
  } catch (error) {
    if (isAppError(error) && error.code.startsWith('IMAGE_')) return { fate: 'undecoded', vector: undefined };
    throw error;
  }
}
