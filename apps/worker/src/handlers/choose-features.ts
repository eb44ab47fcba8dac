import type { FeatureSetName, WantedFeatures } from '@facehash/contracts';
import { fitFromStatistics, type FittedModel, type KeyStatistics } from '@facehash/keras-models';
import type { Backgrounds } from '../backgrounds.js';

/** Ratios may name so much less of the enrolled and still be taken: they are lighter. */
const LEEWAY = 0.02;
/** A change of feature set needs so much more, so that one more photo does not flip a key to and fro. */
const HYSTERESIS = 0.01;
/** With fewer people nothing can be held out to judge by. */
const MIN_PEOPLE = 3;

export interface ChosenModel {
  readonly features: FeatureSetName;
  readonly fitted: FittedModel;
  /** For the card. */
  readonly reason: string;
}

/**
 * Fits a key's model on the feature set it asks for. With `auto` both are fitted, and ratios are taken where, at their own
 * thresholds, they name nearly as many of the key's own photos rightly, each held out.
 * @param before the set of the model in force
 */
export async function fitChosen(
  statistics: Readonly<Record<FeatureSetName, KeyStatistics>>,
  backgrounds: Backgrounds,
  { wanted, before }: { wanted: WantedFeatures; before: FeatureSetName | undefined },
): Promise<ChosenModel> {
  const fit = (features: FeatureSetName) => fitFromStatistics(backgrounds[features], statistics[features]);
  if (wanted !== 'auto') {
    return { features: wanted, fitted: await fit(wanted), reason: 'the key asks for it' };
  }
  const embedding = await fit('embedding');
  if (statistics.embedding.people.length < MIN_PEOPLE) {
    const reason = `with fewer than ${MIN_PEOPLE} people nothing can be compared`;
    return { features: 'embedding', fitted: embedding, reason };
  }
  const ratios = await fit('ratios');
  const features = better(tpirOf(ratios), tpirOf(embedding), before);
  const reason =
    `held-out photos named rightly: ratios ${shown(tpirOf(ratios))}, embedding ${shown(tpirOf(embedding))}; ` +
    `ratios are taken when they are at most ${LEEWAY} behind`;
  return { features, fitted: features === 'ratios' ? ratios : embedding, reason };
}

/** @param before makes staying easier than changing */
export function better(
  ratios: number | null,
  embedding: number | null,
  before: FeatureSetName | undefined,
): FeatureSetName {
  if (ratios === null || embedding === null) return 'embedding';
  const leeway = LEEWAY + (before === 'ratios' ? HYSTERESIS : before === 'embedding' ? -HYSTERESIS : 0);
  return ratios >= embedding - leeway ? 'ratios' : 'embedding';
}

const tpirOf = ({ realised }: FittedModel): number | null => realised?.tpir ?? null;

const shown = (tpir: number | null): string => tpir?.toFixed(3) ?? 'unknown';
