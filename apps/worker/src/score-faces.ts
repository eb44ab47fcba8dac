import type { KeyModel } from '@facehash/keras-models';
import { ratioFeatures, type DetectedFace } from '@facehash/vision';

/** @returns for each face its log-likelihood ratio of every label, in the order of the model's card */
export async function scoreFaces(
  model: KeyModel,
  faces: readonly Pick<DetectedFace, 'landmarks'>[],
): Promise<Float32Array[]> {
  if (faces.length === 0) return [];
  const features = new Float32Array(faces.length * model.size);
  faces.forEach(({ landmarks }, at) => {
    features.set(ratioFeatures(landmarks), at * model.size);
  });
  const scores = await model.score(features);
  return faces.map((_, at) => scores.subarray(at * model.labels, (at + 1) * model.labels));
}
