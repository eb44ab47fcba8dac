/**
 * From which photos a person is still recognised, by how the photo was taken: where the limits of docs/enrolment.md come from.
 * `pnpm bench quality --photos DIR [--protocol orl|lfw]`. DIR holds `orl/` and `lfw/`, photos that stay outside the repository.
 */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import type { FEATURE_SETS } from '@facehash/vision';
import { createFaceAnalyzer, headPose, type DetectedFace } from '@facehash/vision';
import { lfwTestPeople, orlPeople, readPhoto } from '../accuracy/photos.js';
import { DEGRADATIONS } from './degradations.js';
import { enrolled, type Enrolled } from './enrolled.js';
import { margins } from './margins.js';

const ENROLLED_PHOTOS = 5;
/** Of each person's other photos so many are degraded in every way. */
const DEGRADED_PHOTOS = 3;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { photos: { type: 'string' }, protocol: { type: 'string', default: 'lfw' } },
  });
  if (values.photos === undefined) throw new Error('usage: quality --photos DIR [--protocol orl|lfw]');
  const people = await (values.protocol === 'orl' ? orlPeople : lfwTestPeople)(values.photos);
  const repo = path.resolve(import.meta.dirname, '../..');
  const analyzer = await createFaceAnalyzer({
    cascadesDir: path.join(repo, 'haarcascades'),
    landmarkModelPath: path.join(repo, '.facehash/models/landmarks-68.flat'),
    slots: availableParallelism(),
    maxPixels: 50_000_000,
  });
  const look = async (photo: Uint8Array): Promise<DetectedFace | undefined> => {
    const options = { profile: 'thorough', maxFaces: 1, features: ['ratios', 'embedding'] } as const;
    return (await analyzer.analyze(photo, options)).faces[0];
  };

  const photos = await inOrder(people, ({ files }) => Promise.all(files.map(readPhoto)));
  const clean = await inOrder(photos, (own) => Promise.all(own.map(look)));
  const models = {
    ratios: await enrolled(
      'ratios',
      clean.map((faces) => faces.slice(0, ENROLLED_PHOTOS)),
    ),
    embedding: await enrolled(
      'embedding',
      clean.map((faces) => faces.slice(0, ENROLLED_PHOTOS)),
    ),
  };
  const known = clean
    .map((faces) => faces.filter((face) => face !== undefined))
    .filter((faces) => faces.length > ENROLLED_PHOTOS);
  for (const features of ['ratios', 'embedding'] as const) {
    for (const count of [1, 5]) await margins(features, known, count);
  }
  for (const features of ['ratios', 'embedding'] as const) await twins(features, known);
  await duplicates(photos, look);
  byPose(
    clean.map((faces) => faces.slice(ENROLLED_PHOTOS)),
    models,
  );
  quantiles(clean.flat().filter((face) => face !== undefined));

  const probes = photos.map((own) => own.slice(ENROLLED_PHOTOS, ENROLLED_PHOTOS + DEGRADED_PHOTOS));
  for (const [name, degrade] of Object.entries(DEGRADATIONS)) {
    const faces = await inOrder(probes, (own) =>
      Promise.all(own.map(async (photo) => look(await degrade(photo)))),
    );
    report(name, faces, models);
  }
  analyzer.close();
}

/** Pairs of different people reported, and of people enrolled half under one label and half under another. */
async function twins(
  features: keyof typeof FEATURE_SETS,
  people: readonly (readonly DetectedFace[])[],
): Promise<void> {
  const apart = (
    await enrolled(
      features,
      people.map((faces) => faces.slice(0, ENROLLED_PHOTOS)),
    )
  ).lookAlikes();
  const halves = people.flatMap((faces) => [faces.slice(0, 3), faces.slice(3, 6)]);
  const twice = (await enrolled(features, halves)).lookAlikes();
  const same = twice.filter(({ labels: [a, b] }) => b === a + 1 && a % 2 === 0);
  console.log(
    `${features}: look-alikes among ${people.length} people ${apart.length} (${apart.map(({ score }) => score.toFixed(1)).join(' ')}); ` +
      `of ${people.length} enrolled twice ${same.length} (lowest ${Math.min(...same.map(({ score }) => score)).toFixed(2)}), others ${twice.length - same.length}`,
  );
}

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0) / Math.hypot(...a) / Math.hypot(...b);

async function duplicates(
  photos: readonly (readonly Uint8Array[])[],
  look: (photo: Uint8Array) => Promise<DetectedFace | undefined>,
): Promise<void> {
  const copies = {
    'jpeg 90': (photo: Uint8Array) => sharp(photo).jpeg({ quality: 90 }).toBuffer(),
    'jpeg 60': (photo: Uint8Array) => sharp(photo).jpeg({ quality: 60 }).toBuffer(),
    'three quarters': (photo: Uint8Array) =>
      sharp(photo).resize({ width: 188 }).jpeg({ quality: 90 }).toBuffer(),
  };
  const likeness: Record<string, number[]> = { 'another photo of the person': [] };
  await inOrder(photos, async (own) => {
    const faces = await Promise.all(own.map(look));
    for (const [at, face] of faces.entries()) {
      if (face === undefined) continue;
      for (const other of faces.slice(at + 1)) {
        if (other !== undefined)
          likeness['another photo of the person']!.push(cosine(face.embedding!, other.embedding!));
      }
      if (at >= DEGRADED_PHOTOS) continue;
      for (const [name, copy] of Object.entries(copies)) {
        const copied = await look(await copy(own[at]!));
        if (copied !== undefined) (likeness[name] ??= []).push(cosine(face.embedding!, copied.embedding!));
      }
    }
  });
  for (const [name, values] of Object.entries(likeness)) {
    values.sort((a, b) => a - b);
    console.log(
      name,
      [0, 0.01, 0.05, 0.5, 0.95, 0.99, 0.999, 1]
        .map((share) => values[Math.floor(share * (values.length - 1))]!.toFixed(4))
        .join(' '),
      values.length,
    );
  }
}

function byPose(
  faces: readonly (readonly (DetectedFace | undefined)[])[],
  models: Readonly<Record<keyof typeof FEATURE_SETS, Enrolled>>,
): void {
  const all = faces.flatMap((own, person) =>
    own.flatMap((face) => (face === undefined ? [] : [{ person, face }])),
  );
  const bins: [string, (face: DetectedFace) => number, number[]][] = [
    ['turn', (face) => Math.abs(headPose(face.landmarks).turn), [0, 0.1, 0.2, 0.3, 0.4, 9]],
    ['nod', (face) => headPose(face.landmarks).nod, [0, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 9]],
    ['sharpness', (face) => face.picture.sharpness, [0, 0.03, 0.05, 0.1, 0.2, 0.4, 9]],
  ];
  for (const [name, of, edges] of bins) {
    for (const [at, from] of edges.slice(0, -1).entries()) {
      const own = all.filter(({ face }) => of(face) >= from && of(face) < edges[at + 1]!);
      const named = (features: keyof typeof FEATURE_SETS) =>
        (
          own.filter(({ person, face }) => models[features].names(face) === person).length / own.length
        ).toFixed(3);
      console.log(
        `${name} from ${from}: ${own.length}, named embedding ${named('embedding')} ratios ${named('ratios')}`,
      );
    }
  }
}

type Measures = Readonly<Record<string, number>>;

function measuresOf({ box, landmarks, picture }: DetectedFace): Measures {
  const { turn, nod } = headPose(landmarks);
  return { width: box.width, ...picture, turn: Math.abs(turn), nod };
}

function quantiles(faces: readonly DetectedFace[]): void {
  console.log(`${faces.length} faces found`);
  for (const name of Object.keys(measuresOf(faces[0]!))) {
    const sorted = faces.map((face) => measuresOf(face)[name]!).sort((a, b) => a - b);
    const at = (share: number): string => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(3);
    console.log(name, [0, 0.002, 0.01, 0.05, 0.5, 0.95, 0.99, 0.998, 1].map(at).join(' '));
  }
}

function report(
  name: string,
  faces: readonly (readonly (DetectedFace | undefined)[])[],
  models: Readonly<Record<keyof typeof FEATURE_SETS, Enrolled>>,
): void {
  const all = faces.flatMap((own, person) => own.map((face) => ({ person, face })));
  const found = all.filter(({ face }) => face !== undefined);
  const share = (n: number): string => (n / found.length).toFixed(3);
  const median = (values: number[]): string =>
    values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!.toFixed(3);
  const named = (features: keyof typeof FEATURE_SETS) =>
    share(found.filter(({ person, face }) => models[features].names(face!) === person).length);
  if (found.length === 0) return;
  console.log(
    [
      name.padEnd(22),
      `found ${(found.length / all.length).toFixed(3)}`,
      `named embedding ${named('embedding')} ratios ${named('ratios')}`,
      ...Object.keys(measuresOf(found[0]!.face!)).map(
        (measure) => `${measure} ${median(found.map(({ face }) => measuresOf(face!)[measure]!))}`,
      ),
    ].join('  '),
  );
}

async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
