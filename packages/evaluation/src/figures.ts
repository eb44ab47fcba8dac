import { fpir, meanSd, rank1, round, thresholdAtFpir, tpir, type MeanSd } from './metrics.js';
import type { Probe, Trial } from './run-trial.js';

/** The figures of one protocol with one feature set, over its draws. */
export interface Figures {
  readonly rank1: MeanSd;
  /** Of the photos probed, those on which a face was found. */
  readonly found: number;
  readonly loss: Loss;
  readonly confusions: Confusions;
  /** Where the protocol has strangers. */
  readonly openSet?: OpenSetFigures;
}

interface OpenSetFigures {
  /** Enrolled named at a threshold read from these very strangers: what the scores could do. */
  readonly tpirAtFpir1: MeanSd;
  readonly tpirAtFpir5: MeanSd;
  /** At the thresholds that the product set by itself, for targets of 1 % and 5 %. */
  readonly strict: Rates;
  readonly balanced: Rates;
}

/** Share of strangers given a name, of the enrolled given theirs. */
export interface Rates {
  readonly fpir: MeanSd;
  readonly tpir: MeanSd;
}

/** Where the enrolled people's probes are lost, a share of them each; with `named` they add up to 1. */
interface Loss {
  readonly decode: number;
  readonly detect: number;
  /** Landmarks on something else than the face, and so a wrong name. */
  readonly landmarks: number;
  /** Landmarks on the face, and still the wrong name is the best one. */
  readonly classify: number;
  /** The right name, withheld at the strict threshold or as too close to another. */
  readonly threshold: number;
  readonly named: number;
}

/** Wrong best names, in pairs of people (who was taken for whom), over all draws. */
interface Confusions {
  readonly probes: number;
  readonly errors: number;
  readonly pairs: number;
  /** Errors of the pair that is confused most often. */
  readonly worstPair: number;
}

export function figuresOf(trials: readonly Trial[]): Figures {
  const over = (figure: (trial: Trial) => number): MeanSd => meanSd(trials.map(figure));
  const probes = trials.flatMap((trial) => trial.probes);
  const rates = (name: keyof Trial['thresholds']): Rates => ({
    fpir: over((trial) => fpir(trial.probes, trial.thresholds[name], 'product')),
    tpir: over((trial) => tpir(trial.probes, trial.thresholds[name], 'product')),
  });
  return {
    rank1: over((trial) => rank1(trial.probes)),
    found: round(probes.filter(({ answer }) => answer !== undefined).length / probes.length),
    loss: lossOf(trials),
    confusions: confusionsOf(trials),
    ...(probes.some(({ truth }) => truth === undefined)
      ? {
          openSet: {
            tpirAtFpir1: over((trial) => tpir(trial.probes, thresholdAtFpir(trial.probes, 0.01))),
            tpirAtFpir5: over((trial) => tpir(trial.probes, thresholdAtFpir(trial.probes, 0.05))),
            strict: rates('strict'),
            balanced: rates('balanced'),
          },
        }
      : {}),
  };
}

type Lost = keyof Loss;

function lossOf(trials: readonly Trial[]): Loss {
  const ends = trials.flatMap(({ probes, thresholds }) =>
    probes.filter(isMated).map((probe) => endOf(probe, thresholds.strict)),
  );
  const share = (end: Lost) => round(ends.filter((other) => other === end).length / ends.length);
  return {
    decode: share('decode'),
    detect: share('detect'),
    landmarks: share('landmarks'),
    classify: share('classify'),
    threshold: share('threshold'),
    named: share('named'),
  };
}

function endOf({ truth, answer, fate }: Probe, threshold: number): Lost {
  if (answer === undefined) return fate === 'undecoded' ? 'decode' : 'detect';
  if (answer.llr.label !== truth) return fate === 'misplaced' ? 'landmarks' : 'classify';
  return answer.product.score >= threshold ? 'named' : 'threshold';
}

function confusionsOf(trials: readonly Trial[]): Confusions {
  const times = new Map<string, number>();
  for (const { probes, people } of trials) {
    for (const { truth, answer } of probes.filter(isMated)) {
      if (answer === undefined || answer.llr.label === truth) continue;
      const pair = `${people[truth!]!} for ${people[answer.llr.label]!}`;
      times.set(pair, (times.get(pair) ?? 0) + 1);
    }
  }
  const counts = [...times.values()];
  return {
    probes: trials.flatMap(({ probes }) => probes.filter(isMated)).length,
    errors: counts.reduce((sum, count) => sum + count, 0),
    pairs: counts.length,
    worstPair: Math.max(0, ...counts),
  };
}

const isMated = ({ truth }: Probe): boolean => truth !== undefined;
