/**
 * Background statistics from a folder of photos: NAME_0001.jpg … in one folder (as LFW), or a folder per person.
 * Writes aggregates over people only: no name, no photo and no vector of anybody leaves this script.
 *
 *   pnpm background --features ratios --photos DIR --origin "Labeled Faces in the Wild, part" --exclude-min-photos 10
 */
import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isAppError, type FeatureSetName } from '@facehash/contracts';
import { estimateBackground, serializeBackground, type EstimateOptions } from '@facehash/keras-models';
import { createFaceAnalyzer, EXTRACTOR_VERSION, FEATURE_SETS, type FaceAnalyzer } from '@facehash/vision';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/**
 * Ratios: below 80 directions accuracy falls, above 110 it no longer rises. The embedding was made to be compared as it is. Weights
 * and shrinkages were judged on people who are in no test (2026-11); how far the ratios' may go: docs/adr/0012-steadier-ratios.md.
 */
const SETTINGS: Readonly<Record<FeatureSetName, BackgroundSettings>> = {
  ratios: { rank: 110, weight: 100, shrinkage: 0.0125 },
  embedding: { rank: FEATURE_SETS.embedding.size, weight: 100, shrinkage: 0.6, asTheyAre: true },
};
const PROFILE = 'thorough';

type BackgroundSettings = Pick<EstimateOptions, 'rank' | 'weight' | 'shrinkage' | 'asTheyAre'>;

interface Person {
  readonly name: string;
  readonly photos: readonly string[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      photos: { type: 'string' },
      origin: { type: 'string', default: 'not stated' },
      'exclude-min-photos': { type: 'string', default: '10' },
      cascades: { type: 'string', default: join(ROOT, 'haarcascades') },
      landmarks: { type: 'string', default: join(ROOT, '.facehash/models/landmarks-68.flat') },
      features: { type: 'string', default: 'ratios' },
      out: { type: 'string' },
    },
  });
  if (values.photos === undefined) throw new Error('expected --photos DIR');
  const { features } = values;
  if (!isFeatureSet(features)) throw new Error('expected --features ratios|embedding');
  const out = values.out ?? join(ROOT, `packages/keras-models/backgrounds/${features}.bg`);
  const excludeMinPhotos = Number(values['exclude-min-photos']);
  const everyone = await findPeople(values.photos);
  if (everyone.length === 0) throw new Error(`expected photos in ${values.photos}, found none`);
  // People with many photos are those on whom accuracy is measured; to have seen them here would flatter the figures.
  const people = everyone.filter(({ photos }) => photos.length < excludeMinPhotos);

  const slots = availableParallelism();
  const analyzer = await createFaceAnalyzer({
    cascadesDir: values.cascades,
    landmarkModelPath: values.landmarks,
    slots,
    maxPixels: 50_000_000,
  });
  const rows = await measure(analyzer, people, { slots, features });
  analyzer.close();

  const background = estimateBackground(
    rows.filter((person) => person.length > 0),
    { ...SETTINGS[features], features, origin: values.origin },
  );
  const file = serializeBackground(background);
  const origin = {
    id: background.id,
    photosOf: values.origin,
    command: `pnpm background --features ${features} --photos DIR --exclude-min-photos ${excludeMinPhotos}`,
    date: new Date().toISOString().slice(0, 10),
    extractorVersion: EXTRACTOR_VERSION,
    profile: PROFILE,
    excluded: {
      rule: `every person with ${excludeMinPhotos} or more photos in the folder (kept for measuring accuracy)`,
      people: everyone.length - people.length,
      photos: countPhotos(everyone) - countPhotos(people),
    },
    used: {
      people: background.people,
      photos: background.photos,
      peopleWithSeveralPhotos: rows.filter((person) => person.length > 1).length,
      photosWithoutFace: countPhotos(people) - background.photos,
    },
    settings: { size: background.size, ...SETTINGS[features] },
    sha256: createHash('sha256').update(file).digest('hex'),
  };
  await writeFile(out, file);
  await writeFile(out.replace(/\.bg$/, '.origin.json'), `${JSON.stringify(origin, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(origin.used)} → ${background.id}, ${file.length} bytes\n`);
}

async function findPeople(folder: string): Promise<Person[]> {
  const photosOf = new Map<string, string[]>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !['.jpg', '.jpeg', '.png', '.webp'].includes(extname(entry.name).toLowerCase()))
      continue;
    const inOwnFolder = entry.parentPath !== folder;
    const name = inOwnFolder ? basename(entry.parentPath) : entry.name.replace(/_\d+\.\w+$/, '');
    photosOf.set(name, [...(photosOf.get(name) ?? []), join(entry.parentPath, entry.name)]);
  }
  // Sorted, so that the same folder gives the same bytes on every file system.
  return Array.from(photosOf, ([name, photos]) => ({ name, photos: photos.sort() })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

/** Feature vectors per person; a photo in which no face is found, or which cannot be read, is left out. */
async function measure(
  analyzer: FaceAnalyzer,
  people: readonly Person[],
  { slots, features }: { slots: number; features: FeatureSetName },
): Promise<Float32Array[][]> {
  const rows = people.map(({ photos }) => new Array<Float32Array | undefined>(photos.length));
  const work = people
    .flatMap(({ photos }, person) => photos.map((path, photo) => ({ person, photo, path })))
    .values();
  let done = 0;
  const total = countPhotos(people);
  await Promise.all(
    Array.from({ length: slots }, async () => {
      for (const { person, photo, path } of work) {
        rows[person]![photo] = await featuresOf(analyzer, path, features);
        if (++done % 100 === 0) process.stderr.write(`${done} of ${total} photos\n`);
      }
    }),
  );
  return rows.map((photos) => photos.filter((row) => row !== undefined));
}

async function featuresOf(
  analyzer: FaceAnalyzer,
  path: string,
  features: FeatureSetName,
): Promise<Float32Array | undefined> {
  try {
    const { faces } = await analyzer.analyze(await readFile(path), {
      profile: PROFILE,
      maxFaces: 1,
      features: [features],
    });
    return faces[0] && FEATURE_SETS[features].of(faces[0]);
  } catch (error) {
    if (isAppError(error) && error.code.startsWith('IMAGE_')) return undefined;
    throw error;
  }
}

const isFeatureSet = (name: string): name is FeatureSetName => Object.hasOwn(FEATURE_SETS, name);

const countPhotos = (people: readonly Person[]): number =>
  people.reduce((sum, { photos }) => sum + photos.length, 0);

await main();
