import type { Candidate, ModelCard } from '@facehash/contracts';

export interface Classification {
  /** null = nobody this key knows. */
  readonly label: string | null;
  /** Of the best candidate, also when its label is withheld. */
  readonly confidence: number;
  readonly candidates: Candidate[];
  readonly threshold: number;
}

const MAX_CANDIDATES = 5;

/**
 * One face's scores as an answer.
 * @param scores log-likelihood ratio per label, in the card's order
 * @returns with the labels of the card, which are those at the time of the training
 */
export function classify(
  scores: Float32Array,
  card: Pick<ModelCard, 'labels' | 'threshold'>,
): Classification {
  const { labels, threshold } = card;
  if (scores.length !== labels.length) {
    throw new Error(`the model gave ${scores.length} scores for ${labels.length} labels`);
  }
  const candidates = labels
    .map(({ subjectId, label }, at) => ({
      subject_id: subjectId,
      label,
      score: scores[at]!,
      confidence: confidenceOf(scores[at]!, threshold),
    }))
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_CANDIDATES);
  return decide(candidates, threshold);
}

/** @param candidates best first */
export function decide(candidates: Candidate[], threshold: number): Classification {
  const best = candidates[0];
  return {
    label: best !== undefined && best.score >= threshold ? best.label : null,
    confidence: best?.confidence ?? 0,
    candidates,
    threshold,
  };
}

/** The posterior when the threshold is the break-even point: 1 / (1 + e^(T − LLR)), .5 at the threshold. */
export function confidenceOf(score: number, threshold: number): number {
  return 1 / (1 + Math.exp(threshold - score));
}
