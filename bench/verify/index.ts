/**
 * How well two photos are told to show one person, through the product's own packages, on real photos that stay outside
 * the repository: `pnpm bench verify --photos DIR`. DIR holds `orl/` and `lfw/`; of LFW only people whom the background
 * statistics do not know. The default threshold of `POST /v1/verify` comes from here.
 */
import { parseArgs } from 'node:util';
import { pairLlr, pairThreshold, project, shippedBackground } from '@facehash/keras-models';
import { extractPhotos } from '../accuracy/extract-photos.js';
import { meanSd } from '../accuracy/metrics.js';
import { lfwTestPeople, orlPeople, type Person } from '../accuracy/photos.js';
import { seededRandom, shuffled } from '../accuracy/random.js';
import { equalErrorRate, share, thresholdAt } from './roc.js';

/** So that nobody with many photos outweighs the others: ten make 45 pairs. */
const MAX_PHOTOS = 10;
const SPLITS = 20;
const FALSE_MATCH_RATES = [0.001, 0.01, 0.05];
const TARGET = 0.01;

interface Pairs {
  readonly genuine: readonly number[];
  readonly impostor: readonly number[];
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { photos: { type: 'string' } } });
  if (values.photos === undefined) throw new Error('usage: verify --photos DIR');
  const background = await shippedBackground('ratios');
  const score = pairLlr(background);
  const shipped = pairThreshold(background);

  const projections = async (people: readonly Person[]): Promise<Float32Array[][]> => {
    const profiles = { enrolled: 'thorough', probe: 'thorough' } as const;
    const photos = await extractPhotos(drawn(people), 'ratios', profiles);
    return photos.map((own) =>
      own.flatMap(({ probe }) => (probe === undefined ? [] : [project(background, probe)])),
    );
  };

  const lfw = await projections(await lfwTestPeople(values.photos));
  const orl = await projections(await orlPeople(values.photos));
  console.log(
    JSON.stringify(
      {
        lfw: { ...figures(pairsOf(lfw, score), shipped), thresholdFromHalf: acrossHalves(lfw, score) },
        orl: figures(pairsOf(orl, score), shipped),
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

function pairsOf(people: readonly Float32Array[][], score: ReturnType<typeof pairLlr>): Pairs {
  const photos = people.flatMap((own, person) => own.map((t) => ({ person, t })));
  const genuine: number[] = [];
  const impostor: number[] = [];
  photos.forEach((one, at) => {
    for (const other of photos.slice(at + 1)) {
      (one.person === other.person ? genuine : impostor).push(score(one.t, other.t));
    }
  });
  return { genuine, impostor };
}

function figures({ genuine, impostor }: Pairs, shipped: number) {
  return {
    pairs: { genuine: genuine.length, impostor: impostor.length },
    equalErrorRate: equalErrorRate(genuine, impostor),
    matchRateAtFalseMatchRate: FALSE_MATCH_RATES.map((rate) => {
      const threshold = thresholdAt(impostor, rate);
      return { falseMatchRate: rate, threshold, matchRate: share(genuine, threshold) };
    }),
    atShippedThreshold: {
      threshold: shipped,
      falseMatchRate: share(impostor, shipped),
      matchRate: share(genuine, shipped),
    },
  };
}

/** The threshold is taken from half of the people, and its rates from the other half. */
function acrossHalves(people: readonly Float32Array[][], score: ReturnType<typeof pairLlr>) {
  const trials = Array.from({ length: SPLITS }, (_, seed) => {
    const order = shuffled(people, seededRandom(seed));
    const threshold = thresholdAt(pairsOf(order.slice(0, order.length / 2), score).impostor, TARGET);
    const { genuine, impostor } = pairsOf(order.slice(order.length / 2), score);
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
