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

/** The best label of one probe; undefined where no face was found. */
export interface Answer {
  readonly best: number;
  readonly score: number;
}

export interface Probe {
  /** Index of the true label; undefined for a stranger. */
  readonly truth: number | undefined;
  readonly answer: Answer | undefined;
}

/** Share of the enrolled whose best label is right; an undetected face is an error. */
export function rank1(probes: readonly Probe[]): number {
  const mated = probes.filter((probe) => probe.truth !== undefined);
  return mated.filter((probe) => probe.answer?.best === probe.truth).length / mated.length;
}

/** Share of the enrolled named rightly at or above the threshold; an undetected face is an error. */
export function tpir(probes: readonly Probe[], threshold: number): number {
  const mated = probes.filter((probe) => probe.truth !== undefined);
  return (
    mated.filter(({ truth, answer }) => answer?.best === truth && answer!.score >= threshold).length /
    mated.length
  );
}

/** Share of strangers given any name; an undetected stranger is given none. */
export function fpir(probes: readonly Probe[], threshold: number): number {
  const strangers = probes.filter((probe) => probe.truth === undefined);
  return (
    strangers.filter(({ answer }) => answer !== undefined && answer.score >= threshold).length /
    strangers.length
  );
}

/** The lowest threshold at which at most `target` of the strangers are given a name. */
export function thresholdAtFpir(probes: readonly Probe[], target: number): number {
  const strangers = probes.filter((probe) => probe.truth === undefined);
  const scores = strangers.map(({ answer }) => answer?.score ?? -Infinity).sort((a, b) => b - a);
  const allowed = Math.floor(target * scores.length);
  const firstRefused = scores[allowed] ?? -Infinity;
  return firstRefused + 1e-9;
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
