import { AppError, type Claim, type ModelCard } from '@facehash/contracts';
import { confidenceOf } from './classify.js';

/** Whether a score is enough to say that it is the person. */
export function judge(score: number, threshold: number): Omit<Claim, 'label'> {
  return { match: score >= threshold, score, confidence: confidenceOf(score, threshold) };
}

/**
 * Where a person stands among those a model knows.
 * @throws AppError LABEL_UNKNOWN for somebody enrolled since it was trained, or deleted before
 */
export function placeOf(subjectId: string, { labels }: Pick<ModelCard, 'labels'>): number {
  const at = labels.findIndex((label) => label.subjectId === subjectId);
  if (at >= 0) return at;
  throw new AppError(
    'LABEL_UNKNOWN',
    'The model in force does not know the person of this label; train it with POST /v1/train, then send this again.',
  );
}

/** @throws AppError LABEL_UNKNOWN for somebody who was deleted while the job waited */
export async function presentLabel(
  subjectId: string,
  labelOf: (subjectId: string) => Promise<string | undefined>,
): Promise<string> {
  const label = await labelOf(subjectId);
  if (label !== undefined) return label;
  throw new AppError('LABEL_UNKNOWN', 'The person of this label was deleted after the job was accepted.');
}
