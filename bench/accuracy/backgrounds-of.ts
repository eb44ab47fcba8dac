import { FEATURE_SET_NAMES, type FeatureSetName } from '@facehash/contracts';
import type { MeasuredPerson } from '@facehash/evaluation';
import { estimateBackground, shippedBackground, type Background } from '@facehash/keras-models';

/** Background statistics of these people alone, with the settings of the shipped ones: for tests of people whom those know. */
export async function backgroundsOf(
  people: readonly MeasuredPerson[],
): Promise<Record<FeatureSetName, Background>> {
  const estimated = FEATURE_SET_NAMES.map(async (features) => {
    const { size, rank, weight, shrinkage } = await shippedBackground(features);
    const rows = people
      .map((photos) => photos.flatMap(({ enrolled }) => enrolled?.[features] ?? []))
      .filter((photos) => photos.length > 0);
    const settings = { features, rank, weight, shrinkage, origin: 'people who are not tested' };
    return [
      features,
      estimateBackground(rows, { ...settings, ...(rank === size ? { asTheyAre: true } : {}) }),
    ] as const;
  });
  return Object.fromEntries(await Promise.all(estimated)) as Record<FeatureSetName, Background>;
}
