/**
 * How well two photos are told to show one person, through the product's own packages, on real photos that stay outside
 * the repository: `pnpm bench verify --photos DIR`. DIR holds `orl/` and `lfw/`; of LFW only people whom the background
 * statistics do not know. The default threshold of `POST /v1/verify` comes from here.
 */
import { parseArgs } from 'node:util';
import {
  equalErrorRate,
  meanSd,
  scorePairs,
  share,
  shuffled,
  thresholdAt,
  type PairScores,
} from '@facehash/evaluation';
import {
  PAIR_THRESHOLD,
  pairLlr,
  project,
  seededRandom,
  shippedBackground,
  type PairLlr,
} from '@facehash/keras-models';
import { FEATURE_SETS } from '@facehash/vision';
import { openAnalyzer } from '../accuracy/open-analyzer.js';
import { lfwTestPeople, orlPeople, readPhoto, type Person } from '../accuracy/photos.js';

/** So that nobody with many photos outweighs the others: ten make 45 pairs. */
const MAX_PHOTOS = 10;
const SPLITS = 20;
const FALSE_MATCH_RATES = [0.001, 0.01, 0.05];
const TARGET = 0.01;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { photos: { type: 'string' } } });
  if (values.photos === undefined) throw new Error('usage: verify --photos DIR');
  const background = await shippedBackground('embedding');
  const score = pairLlr(background);

  const analyzer = await openAnalyzer();
  const projection = async (file: string): Promise<Float32Array[]> => {
    const options = { profile: 'thorough', maxFaces: 1, features: ['embedding'] } as const;
    const { faces } = await analyzer.analyze(await readPhoto(file), options);
    return faces.slice(0, 1).map((face) => project(background, FEATURE_SETS.embedding.of(face)));
  };
  const projections = (people: readonly Person[]): Promise<Float32Array[][]> =>
    Promise.all(drawn(people).map(async ({ files }) => (await Promise.all(files.map(projection))).flat()));

  const lfw = await projections(await lfwTestPeople(values.photos));
  const orl = await projections(await orlPeople(values.photos));
  analyzer.close();
  console.log(
    JSON.stringify(
      {
        lfw: {
          ...figures(scorePairs(lfw, score), PAIR_THRESHOLD),
          thresholdFromHalf: acrossHalves(lfw, score),
        },
        orl: figures(scorePairs(orl, score), PAIR_THRESHOLD),
      },
      null,
      2,
    ),
  );
}

function drawn(people: readonly Person[]): Person[] {
  const random = seededRandom(1);
  return people.map((person) => ({ ...person, files: shuffled(person.files, random).slice(0, MAX_PHOTOS) }));
}

function figures(pairs: PairScores, shipped: number) {
  const { genuine, impostor } = pairs;
  return {
    pairs: { genuine: genuine.length, impostor: impostor.length },
    equalErrorRate: equalErrorRate(pairs),
    matchRateAtFalseMatchRate: FALSE_MATCH_RATES.map((rate) => {
      const threshold = thresholdAt(impostor, rate);
      return { falseMatchRate: rate, threshold, matchRate: share(genuine, threshold) };
    }),
    atShippedThreshold: {
      threshold: shipped,
      falseMatchRate: share(impostor, PAIR_THRESHOLD),
      matchRate: share(genuine, PAIR_THRESHOLD),
    },
  };
}

/** The threshold is taken from half of the people, and its rates from the other half. */
function acrossHalves(people: readonly Float32Array[][], score: PairLlr) {
  const trials = Array.from({ length: SPLITS }, (_, seed) => {
    const order = shuffled(people, seededRandom(seed));
    const threshold = thresholdAt(scorePairs(order.slice(0, order.length / 2), score).impostor, TARGET);
    const { genuine, impostor } = scorePairs(order.slice(order.length / 2), score);
    return {
      threshold,
      falseMatchRate: share(impostor, threshold),
      matchRate: share(genuine, threshold),
    };
  });
  return {
    target: TARGET,
    threshold: meanSd(trials.map(({ threshold }) => threshold)),
    falseMatchRate: meanSd(trials.map(({ falseMatchRate }) => falseMatchRate)),
    matchRate: meanSd(trials.map(({ matchRate }) => matchRate)),
  };
}
