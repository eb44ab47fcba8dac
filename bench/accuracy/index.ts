/**
 * Recognition figures through the product's own packages, on real photos that stay outside the repository:
 * `pnpm bench accuracy --photos DIR --protocol orl|lfw --features ratios --json`. DIR holds `orl/` and `lfw/`.
 */
import path from 'node:path';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { selectBackend, shippedBackground } from '@facehash/keras-models';
import { createFaceAnalyzer, FEATURE_SETS, type FeatureSetName, type ProfileName } from '@facehash/vision';
import type { Photo } from './enrolment.js';
import { lfwPeople, orlPeople, readPhoto, type Person } from './photos.js';
import { lfw20x5, orl1, orl5 } from './protocols.js';

/** People with fewer photos are the background's; see its origin file. */
const LFW_TEST_MIN_PHOTOS = 10;

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
  const rows = await extract(people, features, {
    enrolled: values['enrol-profile'] as ProfileName,
    probe: values.profile as ProfileName,
  });

  const figures =
    values.protocol === 'lfw'
      ? { lfw20x5: await lfw20x5(background, rows) }
      : { orl5: await orl5(background, rows), orl1: await orl1(background, rows) };
  console.log(values.json ? JSON.stringify(figures) : JSON.stringify(figures, null, 2));
}

async function lfwTestPeople(photosDir: string): Promise<Person[]> {
  return (await lfwPeople(photosDir)).filter((person) => person.files.length >= LFW_TEST_MIN_PHOTOS);
}

/** Every photo is measured as enrolment does and as recognition does: they search for faces differently. */
async function extract(
  people: readonly Person[],
  features: FeatureSetName,
  profiles: { readonly enrolled: ProfileName; readonly probe: ProfileName },
): Promise<Photo[][]> {
  const repo = path.resolve(import.meta.dirname, '../..');
  const started = Date.now();
  const analyzer = await createFaceAnalyzer({
    cascadesDir: path.join(repo, 'haarcascades'),
    landmarkModelPath: path.join(repo, '.facehash/models/landmarks-68.flat'),
    slots: availableParallelism(),
    maxPixels: 50_000_000,
  });
  const measure = async (bytes: Uint8Array, profile: ProfileName): Promise<Float32Array | undefined> => {
    const { faces } = await analyzer.analyze(bytes, { profile, maxFaces: 1, features: [features] });
    return faces[0] && FEATURE_SETS[features].of(faces[0]);
  };
  const photos = await Promise.all(
    people.map(({ files }) =>
      Promise.all(
        files.map(async (file) => {
          const bytes = await readPhoto(file);
          const enrolled = await measure(bytes, profiles.enrolled);
          return {
            enrolled,
            probe: profiles.probe === profiles.enrolled ? enrolled : await measure(bytes, profiles.probe),
          };
        }),
      ),
    ),
  );
  analyzer.close();
  const all = photos.flat();
  const found = all.filter((photo) => photo.probe !== undefined).length;
  console.error(`${found} of ${all.length} faces found in ${Math.round((Date.now() - started) / 1000)} s`);
  return photos;
}
