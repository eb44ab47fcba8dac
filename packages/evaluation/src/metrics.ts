import type { Answer } from './enrolment.js';
import type { Probe } from './run-trial.js';

export interface MeanSd {
  readonly mean: number;
  readonly sd: number;
}

/** Mean and sample standard deviation over splits, to four decimals. */
export function meanSd(values: readonly number[]): MeanSd {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance =
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean: round(mean), sd: round(Math.sqrt(variance)) };
}

/** Which score is looked at. */
export type ScoredBy = keyof Answer;

/** Share of the enrolled whose best label is right; a face that is not found is an error. */
export function rank1(probes: readonly Probe[], by: ScoredBy = 'llr'): number {
  return tpir(probes, -Infinity, by);
}

/** Share of the enrolled named rightly at or above the threshold; a face that is not found is an error. */
export function tpir(probes: readonly Probe[], threshold: number, by: ScoredBy = 'llr'): number {
  const mated = probes.filter(({ truth }) => truth !== undefined);
  const named = mated.filter(({ truth, answer }) => {
    const best = answer?.[by];
    return best !== undefined && best.label === truth && best.score >= threshold;
  });
  return named.length / mated.length;
}

/** Share of strangers given any name; one whose face is not found is given none. */
export function fpir(probes: readonly Probe[], threshold: number, by: ScoredBy = 'llr'): number {
  const scores = strangersScores(probes, by);
  return scores.filter((score) => score >= threshold).length / scores.length;
}

/** The lowest threshold at which at most `target` of the strangers are given a name. */
export function thresholdAtFpir(probes: readonly Probe[], target: number, by: ScoredBy = 'llr'): number {
  const scores = strangersScores(probes, by).sort((a, b) => b - a);
  return (scores[Math.floor(target * scores.length)] ?? -Infinity) + 1e-9;
}

export function strangersScores(probes: readonly Probe[], by: ScoredBy = 'llr'): number[] {
  return probes
    .filter(({ truth }) => truth === undefined)
    .map(({ answer }) => answer?.[by].score ?? -Infinity);
}

export function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
