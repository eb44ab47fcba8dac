/**
 * What a photo costs in packages/vision, stage by stage, and whether memory stays flat.
 *
 *   pnpm bench vision --photos DIR [--limit 100]
 *   pnpm bench vision --photos DIR --memory 8000
 *   pnpm bench vision --photos DIR --profiles [--width 1280]
 *
 * `--profiles` prints what each profile costs and finds as a recognition runs it, for keys of either feature set; photos are enlarged or
 * reduced to the width where one is given, as 640 for VGA and 1280 for HD.
 *
 * Costs are CPU milliseconds of the whole process with one photo in work at a time, so another job on the machine disturbs
 * them little; still, compare only within one run.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLandmarkPredictor } from '@facehash/dlib-node';
import sharp from 'sharp';
import { createFaceAnalyzer, DETECTION_PROFILES, ratioFeatures, type ProfileName } from '@facehash/vision';
// The stages one by one, past the package's own door: what a stage costs is no business of its users.
import { loadOpenCv, versionOf } from '../packages/vision/src/opencv.js';
import { loadCascades } from '../packages/vision/src/stages/cascades.js';
import { chooseDecoder } from '../packages/vision/src/stages/choose-decoder.js';
import { decodeImage } from '../packages/vision/src/stages/decode-image.js';
import { detectFaces } from '../packages/vision/src/stages/detect-faces.js';
import { placeLandmarks } from '../packages/vision/src/stages/place-landmarks.js';
import { sharpDecoder } from '../packages/vision/src/stages/sharp-decoder.js';
import { withMats } from '../packages/vision/src/with-mats.js';
import { openAnalyzer } from './accuracy/open-analyzer.js';
import { percentile } from './percentile.js';

const CASCADES_DIR = 'haarcascades';
const LANDMARK_MODEL = '.facehash/models/landmarks-68.flat';
const MAX_PIXELS = 50_000_000;
const RSS_EVERY = 500;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      photos: { type: 'string' },
      limit: { type: 'string', default: '100' },
      memory: { type: 'string' },
      profiles: { type: 'boolean', default: false },
      width: { type: 'string' },
    },
  });
  if (values.photos === undefined) throw new Error('Name a folder of photos: --photos DIR');
  const photos = await readPhotos(values.photos, Number(values.limit));
  if (values.profiles)
    await profileCosts(photos, values.width === undefined ? undefined : Number(values.width));
  else if (values.memory === undefined) await stageCosts(photos);
  else await memoryRun(photos, Number(values.memory));
}

async function stageCosts(images: readonly Buffer[]): Promise<void> {
  const cv = loadOpenCv();
  const cascades = loadCascades(cv, CASCADES_DIR);
  const predictor = await openLandmarkPredictor(LANDMARK_MODEL);
  const [chosen, sharp] = [chooseDecoder(cv), sharpDecoder(cv, 'bench')];
  const profiles = Object.keys(DETECTION_PROFILES) as ProfileName[];
  const costs = new Map<string, number[]>();
  const found = new Map<ProfileName, number>(profiles.map((profile) => [profile, 0]));

  for (const image of images) {
    await withMats(async (own) => {
      const decode = { cv, maxPixels: MAX_PIXELS, own };
      await cpu('decode (sharp, always there)', () => decodeImage(image, { ...decode, decoder: sharp }));
      const { mat } = await cpu(`decode (${chosen.name})`, () =>
        decodeImage(image, { ...decode, decoder: chosen }),
      );
      let largest;
      for (const profile of profiles) {
        const boxes = await cpu(`detect (${profile})`, () =>
          detectFaces(mat, DETECTION_PROFILES[profile].plain, { cv, cascades }),
        );
        if (boxes.length > 0) found.set(profile, found.get(profile)! + 1);
        largest ??= boxes[0];
      }
      if (largest === undefined) return;
      const box = largest;
      const landmarks = await cpu('landmarks', () => placeLandmarks(mat, box, { cv, predictor }));
      await cpu('ratios', () => Promise.resolve(ratioFeatures(landmarks)));
    });
  }
  predictor.close();

  console.log(`OpenCV ${versionOf(cv)}, ${images.length} photos, CPU ms a photo`);
  console.log('stage'.padEnd(24) + 'mean'.padStart(8) + 'median'.padStart(8) + 'p95'.padStart(8));
  for (const [stage, ms] of costs) {
    const sorted = ms.toSorted((a, b) => a - b);
    const mean = ms.reduce((sum, value) => sum + value, 0) / ms.length;
    const columns = [mean, percentile(sorted, 0.5), percentile(sorted, 0.95)];
    console.log(stage.padEnd(24) + columns.map((value) => value.toFixed(2).padStart(8)).join(''));
  }
  for (const [profile, count] of found) console.log(`${profile}: a face in ${count} of ${images.length}`);

  async function cpu<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const start = process.cpuUsage();
    const result = await work();
    const { user, system } = process.cpuUsage(start);
    costs.set(stage, [...(costs.get(stage) ?? []), (user + system) / 1000]);
    return result;
  }
}

/** As recognitions: `fast`, `balanced` and `thorough` look for one face, `group` for up to 32. */
async function profileCosts(images: readonly Buffer[], width: number | undefined): Promise<void> {
  const analyzer = await openAnalyzer();
  const sized =
    width === undefined ? images : await Promise.all(images.map((image) => toWidth(image, width)));
  console.log(
    `OpenCV ${analyzer.description.opencv}, ${analyzer.description.engine}\n${images.length} photos, CPU ms a photo, whole recognition without the model`,
  );
  for (const features of ['embedding', 'ratios'] as const) {
    for (const profile of Object.keys(DETECTION_PROFILES) as ProfileName[]) {
      const options = { profile, maxFaces: profile === 'group' ? 32 : 1, features: [features] };
      await analyzer.analyze(sized[0]!, options); // sets kernels up
      const costs: number[] = [];
      let [found, faces] = [0, 0];
      for (const image of sized) {
        const start = process.cpuUsage();
        const answer = await analyzer.analyze(image, options);
        const { user, system } = process.cpuUsage(start);
        costs.push((user + system) / 1000);
        found += Number(answer.faces.length > 0);
        faces += answer.faces.length;
      }
      costs.sort((a, b) => a - b);
      const shown = [0.5, 0.95].map((q) => percentile(costs, q).toFixed(1)).join(' / ');
      console.log(
        `${features.padEnd(10)}${profile.padEnd(10)}median / p95 ${shown}; a face in ${found}, ${faces} faces`,
      );
    }
  }
  analyzer.close();
}

const toWidth = (image: Buffer, width: number): Promise<Buffer> =>
  sharp(image).resize({ width }).jpeg({ quality: 92 }).toBuffer();

async function memoryRun(images: readonly Buffer[], count: number): Promise<void> {
  const slots = 2;
  const analyzer = await createFaceAnalyzer({
    cascadesDir: CASCADES_DIR,
    landmarkModelPath: LANDMARK_MODEL,
    slots,
    maxPixels: MAX_PIXELS,
  });
  console.log(analyzer.description);
  const start = performance.now();
  let done = 0;
  const worker = async () => {
    while (done < count) {
      const image = images[done++ % images.length]!;
      await analyzer.analyze(image, { profile: 'balanced', maxFaces: 1, features: ['ratios'] });
      if (done % RSS_EVERY === 0) {
        const rss = Math.round(process.memoryUsage.rss() / 1e6);
        console.log(`${done} photos, ${Math.round((performance.now() - start) / 1000)} s, RSS ${rss} MB`);
      }
    }
  };
  await Promise.all(Array.from({ length: slots }, worker));
  analyzer.close();
}

async function readPhotos(directory: string, limit: number): Promise<Buffer[]> {
  const names = (await readdir(directory)).filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).sort();
  return Promise.all(names.slice(0, limit).map((name) => readFile(join(directory, name))));
}
