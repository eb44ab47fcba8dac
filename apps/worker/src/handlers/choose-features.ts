import type { FeatureSetName, WantedFeatures } from '@facehash/contracts';
import { fitFromStatistics, type FittedModel, type KeyStatistics } from '@facehash/keras-models';
import type { Backgrounds } from '../backgrounds.js';

/** Ratios may name so much less of the enrolled and still be taken: they are lighter. */
const LEEWAY = 0.02;
/** A change of feature set needs so much more, so that one more photo does not flip a key to and fro. */
const HYSTERESIS = 0.01;
/** With fewer people nothing can be held out to judge by. */
const MIN_PEOPLE = 3;

/**
 * Share of the photos a key had at its last comparison that may be added before it is compared again: with so few more neither set names
 * much more or less, and a large key's training takes half the time.
 */
const COMPARED_SHARE = 0.02;

/** The last comparison of a key's feature sets. */
export interface Comparison {
  readonly photos: number;
  readonly features: FeatureSetName;
  readonly reason: string;
}

export interface ChosenModel {
  readonly features: FeatureSetName;
  readonly fitted: FittedModel;
  /** For the card. */
  readonly reason: string;
  /** undefined where there was nothing to compare, or no wish to. */
  readonly comparison?: Comparison;
}

/**
 * Fits a key's model on the feature set it asks for. With `auto` both are fitted, and ratios are taken where, at their own
 * thresholds, they name nearly as many of the key's own photos rightly, each held out.
 * @param before the set of the model in force
 * @param compared when that was found; left out where photos may have been taken away since
 */
export async function fitChosen(
  statistics: Readonly<Record<FeatureSetName, KeyStatistics>>,
  backgrounds: Backgrounds,
  {
    wanted,
    before,
    compared,
  }: {
    wanted: WantedFeatures;
    before: FeatureSetName | undefined;
    compared?: Comparison | undefined;
  },
): Promise<ChosenModel> {
  const fit = (features: FeatureSetName) => fitFromStatistics(backgrounds[features], statistics[features]);
  if (wanted !== 'auto') {
    return { features: wanted, fitted: await fit(wanted), reason: 'the key asks for it' };
  }
  const photos = statistics.embedding.people.reduce((sum, { count }) => sum + count, 0);
  if (compared !== undefined && photos <= compared.photos * (1 + COMPARED_SHARE)) {
    const { features, reason } = compared;
    return { features, fitted: await fit(features), reason, comparison: compared };
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
  const fitted = features === 'ratios' ? ratios : embedding;
  return { features, fitted, reason, comparison: { photos, features, reason } };
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
