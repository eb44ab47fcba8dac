import { FEATURE_SETS, type DetectedFace } from '@facehash/vision';
import type { LoadedModel } from './model-cache.js';

/** @returns for each face its log-likelihood ratio of every label, in the order of the model's card */
export async function scoreFaces(
  { card, model }: LoadedModel,
  faces: readonly DetectedFace[],
): Promise<Float32Array[]> {
  if (faces.length === 0) return [];
  const features = new Float32Array(faces.length * model.size);
  faces.forEach((face, at) => {
    features.set(FEATURE_SETS[card.features].of(face), at * model.size);
  });
  const scores = await model.score(features);
  return faces.map((_, at) => scores.subarray(at * model.labels, (at + 1) * model.labels));
}
