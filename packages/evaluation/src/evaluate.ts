import { FEATURE_SET_NAMES, type FeatureSetName } from '@facehash/contracts';
import type { Background } from '@facehash/keras-models';
import { detCurve, scoreHistogram, type CurvePoint, type Histogram } from './curves.js';
import type { Draw } from './draws.js';
import { figuresOf, type Figures } from './figures.js';
import { COSINE_RULES, FIXED_RULES, judgeRules, type RuleFigures } from './fixed-rules.js';
import type { MeasuredPerson } from './photo.js';
import { runTrial, type Trial } from './run-trial.js';

export interface Protocol {
  /** For files and JSON. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  readonly people: readonly MeasuredPerson[];
  readonly draws: readonly Draw[];
  readonly backgrounds: Readonly<Record<FeatureSetName, Background>>;
}

export interface SetReport extends Figures {
  readonly det?: readonly CurvePoint[];
  readonly histogram?: Histogram;
  readonly fixedRules?: readonly RuleFigures[];
}

export interface ProtocolReport {
  readonly id: string;
  readonly title: string;
  readonly draws: number;
  readonly sets: Readonly<Record<FeatureSetName, SetReport>>;
  /** What a key with `features: auto` would have got. */
  readonly auto: Figures & { readonly tookEmbedding: number };
}

/** How `auto` decides, from the shares of a key's own held-out photos named rightly. */
export type ChooseFeatures = (ratios: number | null, embedding: number | null) => FeatureSetName;

/** The same draws with both feature sets, and with whichever `auto` takes in each. */
export async function evaluate(
  { id, title, people, draws, backgrounds }: Protocol,
  choose: ChooseFeatures,
): Promise<ProtocolReport> {
  const trials: Record<FeatureSetName, Trial[]> = { ratios: [], embedding: [] };
  for (const draw of draws) {
    for (const name of FEATURE_SET_NAMES) trials[name].push(await runTrial(draw, people, backgrounds[name]));
  }
  const auto = draws.map((_, at) => {
    const [ratios, embedding] = [trials.ratios[at]!, trials.embedding[at]!];
    const chosen = choose(ratios.fitted.realised?.tpir ?? null, embedding.fitted.realised?.tpir ?? null);
    return chosen === 'ratios' ? ratios : embedding;
  });
  return {
    id,
    title,
    draws: draws.length,
    sets: { ratios: reportOf(trials.ratios), embedding: reportOf(trials.embedding) },
    auto: {
      ...figuresOf(auto),
      tookEmbedding: auto.filter(({ features }) => features === 'embedding').length,
    },
  };
}

function reportOf(trials: readonly Trial[]): SetReport {
  const figures = figuresOf(trials);
  if (figures.openSet === undefined) return figures;
  const cosine = trials[0]!.features === 'embedding' ? COSINE_RULES : [];
  return {
    ...figures,
    det: detCurve(trials),
    histogram: scoreHistogram(trials),
    fixedRules: judgeRules(trials, [...cosine, ...FIXED_RULES]),
  };
}
