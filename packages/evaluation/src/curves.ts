import { round, strangersScores, tpir } from './metrics.js';
import type { Trial } from './run-trial.js';
import type { PairScores } from './pairs.js';

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** Shares at which curves are read: 24 a decade is smoother than the eye asks for. */
const STEPS_A_DECADE = 24;

/**
 * Detection error trade-off: x = share of strangers named, y = share of the enrolled not named rightly. Averaged over the draws,
 * each at the threshold where its own strangers reach x, so that scores of different models are never compared.
 */
export function detCurve(trials: readonly Trial[]): CurvePoint[] {
  const strangers = Math.min(...trials.map(({ probes }) => strangersScores(probes).length));
  const falling = trials.map(({ probes }) => strangersScores(probes).sort((a, b) => b - a));
  return shares(1 / strangers).map((x) => {
    const misses = trials.map(({ probes }, at) => {
      const threshold = falling[at]![Math.floor(x * falling[at]!.length)] ?? -Infinity;
      return 1 - tpir(probes, threshold + 1e-9);
    });
    return { x: round(x), y: round(misses.reduce((sum, miss) => sum + miss, 0) / misses.length) };
  });
}

/** One to one: x = share of pairs of two people accepted, y = share of pairs of one person accepted. */
export function rocCurve({ genuine, impostor }: PairScores): CurvePoint[] {
  const [own, others] = [genuine, impostor].map((scores) => [...scores].sort((a, b) => b - a));
  return shares(Math.max(1e-4, 1 / others!.length)).map((x) => {
    const threshold = others![Math.floor(x * others!.length)] ?? -Infinity;
    return { x, y: round(countAbove(own!, threshold) / own!.length) };
  });
}

/** Of falling scores, how many are above. */
function countAbove(falling: readonly number[], threshold: number): number {
  const first = falling.findIndex((score) => score <= threshold);
  return first === -1 ? falling.length : first;
}

function shares(smallest: number): number[] {
  const decades = -Math.log10(smallest);
  const steps = Math.ceil(decades * STEPS_A_DECADE);
  return Array.from({ length: steps + 1 }, (_, at) => 10 ** (-decades * (1 - at / steps)));
}

export interface Histogram {
  /** Width of a bin and the lower edge of the first. */
  readonly step: number;
  readonly from: number;
  /** Shares; they add up to 1 each. */
  readonly enrolled: readonly number[];
  readonly strangers: readonly number[];
}

const BINS = 60;

/** Best scores of all draws, counted from the strict threshold of each: names are given from 0 on. */
export function scoreHistogram(trials: readonly Trial[]): Histogram {
  const scores = (isStranger: boolean): number[] =>
    trials.flatMap(({ probes, thresholds }) =>
      probes.flatMap(({ truth, answer }) =>
        answer !== undefined && (truth === undefined) === isStranger
          ? answer.llr.score - thresholds.strict
          : [],
      ),
    );
  const [enrolled, strangers] = [scores(false), scores(true)];
  const all = [...enrolled, ...strangers].sort((a, b) => a - b);
  const [lowest, highest] = [all[Math.floor(0.005 * all.length)]!, all[Math.floor(0.995 * all.length)]!];
  const step = (highest - lowest) / (BINS - 1);
  // No bin lies on both sides of the threshold.
  const from = Math.floor(lowest / step) * step;
  const shareOf = (values: readonly number[]): number[] => {
    const counts = new Array<number>(BINS).fill(0);
    for (const value of values) counts[Math.min(BINS - 1, Math.max(0, Math.floor((value - from) / step)))]!++;
    return counts.map((count) => round(count / values.length));
  };
  return { step, from, enrolled: shareOf(enrolled), strangers: shareOf(strangers) };
}
