/**
 * The figures of `pnpm bench accuracy`, once more through a whole service over HTTP: one draw of ORL and one of LFW, 20 people enrolled
 * with 5 photos each and strangers beside them, with both feature sets. Prints them beside those of the same draw in this process.
 *
 *   pnpm bench accuracy-over-http --photos DIR [--cache FILE]
 */
import { parseArgs } from 'node:util';
import { createClient } from '@facehash/client';
import { FEATURE_SET_NAMES, type FeatureSetName } from '@facehash/contracts';
import { openDraws, runTrial, takes, type Draw, type Trial } from '@facehash/evaluation';
import { selectBackend } from '@facehash/keras-models';
import { apiKeys } from '@facehash/storage';
import { shippedBackgrounds } from '../apps/worker/src/backgrounds.js';
import { startService, type Service } from '../tests/e2e/start-service.js';
import { startMeasuring } from './accuracy/measure-people.js';
import { lfwTestPeople, orlPeople, readPhoto, type Person } from './accuracy/photos.js';

const CLIENTS = 4;

/** Counts, so that a single photo's difference shows. */
interface Counts {
  readonly threshold: number;
  readonly enrolled: number;
  readonly bestRight: number;
  readonly namedRight: number;
  readonly strangers: number;
  readonly strangersNamed: number;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { photos: { type: 'string' }, cache: { type: 'string' } } });
  if (values.photos === undefined) throw new Error('usage: accuracy-over-http --photos DIR [--cache FILE]');
  await selectBackend();
  const backgrounds = await shippedBackgrounds();
  const measuring = await startMeasuring(values.cache);
  const sets = [
    { name: 'ORL', people: await orlPeople(values.photos) },
    { name: 'LFW', people: await lfwTestPeople(values.photos) },
  ];
  const measured = [];
  for (const { name, people } of sets)
    measured.push({ name, people, photos: await measuring.people(people) });
  await measuring.close();

  const service = await startService({ workers: 2 });
  try {
    for (const { name, people, photos } of measured) {
      const draw = openDraws(takes(photos), { enrolled: 20, photos: () => 5, draws: 1 })[0]!;
      for (const features of FEATURE_SET_NAMES) {
        const trial = await runTrial(draw, photos, backgrounds[features]);
        const overHttp = await throughService(service, { draw, people, features });
        console.log(
          JSON.stringify({
            ...{ photos: name, features, overHttp },
            inProcess: countsOf(trial, trial.thresholds.strict),
            // People are held out in groups by their ids, which a service draws: thresholds differ a little from key to key.
            inProcessAtThatThreshold: countsOf(trial, overHttp.threshold),
          }),
        );
      }
    }
  } finally {
    await service.stop();
  }
}

function countsOf({ probes }: Trial, threshold: number): Counts {
  const mated = probes.filter(({ truth }) => truth !== undefined);
  const strangers = probes.filter(({ truth }) => truth === undefined);
  const isNamed = ({ answer }: Trial['probes'][number]): boolean =>
    (answer?.product.score ?? -Infinity) >= threshold;
  return {
    threshold,
    enrolled: mated.length,
    bestRight: mated.filter(({ truth, answer }) => answer?.llr.label === truth).length,
    namedRight: mated.filter((probe) => isNamed(probe) && probe.answer?.product.label === probe.truth).length,
    strangers: strangers.length,
    strangersNamed: strangers.filter(isNamed).length,
  };
}

interface Asked {
  readonly draw: Draw;
  readonly people: readonly Person[];
  readonly features: FeatureSetName;
}

/** A key of its own; people are called by their number. */
async function throughService(service: Service, { draw, people, features }: Asked): Promise<Counts> {
  const { secret } = await apiKeys(service.storage).create({ name: features, features, now: new Date() });
  const client = createClient({ url: service.url, key: secret });
  const photo = (person: number, at: number): Promise<Uint8Array> => readPhoto(people[person]!.files[at]!);
  const { training } = await client.enrolAll(
    await Promise.all(
      draw.enrolled.map(async ({ person, photos }) => ({
        label: String(person),
        photos: await Promise.all(photos.map((at) => photo(person, at))),
      })),
    ),
  );
  if (training?.status !== 'succeeded') throw new Error(`the training failed: ${JSON.stringify(training)}`);
  const { threshold } = await client.model();

  const probes = [
    ...draw.enrolled.flatMap(({ person, probes: asked }) => asked.map((at) => ({ person, at, known: true }))),
    ...draw.strangers.flatMap(({ person, probes: asked }) =>
      asked.map((at) => ({ person, at, known: false })),
    ),
  ];
  const counts = { enrolled: 0, bestRight: 0, namedRight: 0, strangers: 0, strangersNamed: 0 };
  const waiting = probes.values();
  const ask = async (): Promise<void> => {
    for (const { person, at, known } of waiting) {
      const job = await client.recognize(await photo(person, at));
      const face = (await job.result()).faces[0];
      if (!known) {
        counts.strangers++;
        if (face !== undefined && face.label !== null) counts.strangersNamed++;
        continue;
      }
      counts.enrolled++;
      if (face?.candidates[0]?.label === String(person)) counts.bestRight++;
      if (face?.label === String(person)) counts.namedRight++;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, ask));
  return { threshold, ...counts };
}
