import { FEATURE_SET_NAMES, type FeatureSetName } from '@facehash/contracts';
import { shippedBackground, type Background } from '@facehash/keras-models';

/** What is known about people in general, for every feature set. */
export type Backgrounds = Readonly<Record<FeatureSetName, Background>>;

/** @throws as shippedBackground */
export async function shippedBackgrounds(): Promise<Backgrounds> {
  const entries = FEATURE_SET_NAMES.map(async (name) => [name, await shippedBackground(name)] as const);
  return Object.fromEntries(await Promise.all(entries)) as Backgrounds;
}
