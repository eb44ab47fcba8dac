import type { Candidate, ModelCard } from '@facehash/contracts';
import { TOO_CLOSE } from '@facehash/keras-models';

export interface Classification {
  /** null = nobody this key knows, or ambiguous. */
  readonly label: string | null;
  /** Two candidates are too close to call where one would have been named. */
  readonly ambiguous: boolean;
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
  const [best, second] = candidates;
  const known = best !== undefined && best.score >= threshold;
  // Whether or not the second reaches the threshold: what separates the two is what is in doubt.
  const ambiguous = known && second !== undefined && best.score - second.score < TOO_CLOSE;
  return {
    label: known && !ambiguous ? best.label : null,
    ambiguous,
    confidence: best?.confidence ?? 0,
    candidates,
    threshold,
  };
}

/** The posterior when the threshold is the break-even point: 1 / (1 + e^(T − LLR)), .5 at the threshold. */
export function confidenceOf(score: number, threshold: number): number {
  return 1 / (1 + Math.exp(threshold - score));
}
