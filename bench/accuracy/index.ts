/**
 * Recognition figures through the product's own packages, on real photos that stay outside the repository:
 * `pnpm bench accuracy --photos DIR --protocol orl|lfw --features ratios --json`. DIR holds `orl/` and `lfw/`.
 */
import { parseArgs } from 'node:util';
import { selectBackend, shippedBackground } from '@facehash/keras-models';
import { FEATURE_SETS, type FeatureSetName, type ProfileName } from '@facehash/vision';
import { extractPhotos } from './extract-photos.js';
import { lfwTestPeople, orlPeople } from './photos.js';
import { lfw20x5, orl1, orl5 } from './protocols.js';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      photos: { type: 'string' },
      protocol: { type: 'string', default: 'orl' },
      features: { type: 'string', default: 'ratios' },
      'enrol-profile': { type: 'string', default: 'thorough' },
      profile: { type: 'string', default: 'balanced' },
      json: { type: 'boolean', default: false },
    },
  });
  const features = values.features as FeatureSetName;
  if (values.photos === undefined || !Object.hasOwn(FEATURE_SETS, features))
    throw new Error('usage: accuracy --photos DIR --protocol orl|lfw --features ratios|embedding [--json]');

  await selectBackend();
  const background = await shippedBackground(features);
  const people =
    values.protocol === 'lfw' ? await lfwTestPeople(values.photos) : await orlPeople(values.photos);
  const rows = await extractPhotos(people, features, {
    enrolled: values['enrol-profile'] as ProfileName,
    probe: values.profile as ProfileName,
  });

  const figures =
    values.protocol === 'lfw'
      ? { lfw20x5: await lfw20x5(background, rows) }
      : { orl5: await orl5(background, rows), orl1: await orl1(background, rows) };
  console.log(values.json ? JSON.stringify(figures) : JSON.stringify(figures, null, 2));
}
