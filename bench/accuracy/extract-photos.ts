import { availableParallelism } from 'node:os';
import path from 'node:path';
import { createFaceAnalyzer, FEATURE_SETS, type FeatureSetName, type ProfileName } from '@facehash/vision';
import type { Photo } from './enrolment.js';
import { readPhoto, type Person } from './photos.js';

/** Every photo is measured as enrolment does and as recognition does: they search for faces differently. */
export async function extractPhotos(
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
