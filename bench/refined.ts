/**
 * Whether a few epochs of training from the closed form (a key's `fit: refined`) name more people: the protocols of
 * `pnpm bench accuracy`, each draw with both.
 *
 *   pnpm bench refined --photos DIR [--cache FILE] [--draws 10] [--backend auto|wasm|cpu] [--only lfw-crowd]
 *
 * DIR and FILE as there. The settings of the training were chosen on 94 people of LFW with four to nine photos, who are in none of these
 * protocols but the last.
 */
import { parseArgs } from 'node:util';
import { FEATURE_SET_NAMES, type FeatureSetName } from '@facehash/contracts';
import {
  decimals,
  figuresOf,
  markdown,
  runTrial,
  type Figures,
  type Fit,
  type MeanSd,
  type Protocol,
  type Trial,
} from '@facehash/evaluation';
import { fitFromStatistics, refineModel, selectBackend, type WantedBackend } from '@facehash/keras-models';
import { shippedBackgrounds } from '../apps/worker/src/backgrounds.js';
import { startMeasuring } from './accuracy/measure-people.js';
import { backgroundsOf } from './accuracy/backgrounds-of.js';
import { LFW_TEST_MIN_PHOTOS, lfwPeople, orlPeople } from './accuracy/photos.js';
import { CROWD_MIN_PHOTOS, crowdProtocol, lfwProtocols, orlProtocols } from './accuracy/protocols.js';

const HEAD = ['protocol', 'features', 'fit', 'rank-1', 'enrolled named at 1 % of strangers'];
const MORE = ['own threshold, strict: strangers / enrolled named', 'taken', 'CPU s a fit'];

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      ...{ photos: { type: 'string' }, cache: { type: 'string' } },
      ...{ draws: { type: 'string', default: '10' }, backend: { type: 'string', default: 'auto' } },
      only: { type: 'string' },
    },
  });
  if (values.photos === undefined) throw new Error('usage: refined --photos DIR [--cache FILE] [--draws 10]');
  const { name } = await selectBackend(values.backend as WantedBackend);
  const measuring = await startMeasuring(values.cache);
  const orl = await measuring.people(await orlPeople(values.photos));
  const lfw = await measuring.people(await lfwPeople(values.photos));
  await measuring.close();

  const backgrounds = await shippedBackgrounds();
  const rows: string[][] = [];
  const withPhotos = (least: number) => lfw.filter((photos) => photos.length >= least);
  const others = lfw.filter((photos) => photos.length < CROWD_MIN_PHOTOS);
  const protocols = [
    ...orlProtocols(orl, backgrounds),
    ...lfwProtocols(withPhotos(LFW_TEST_MIN_PHOTOS), backgrounds),
    crowdProtocol(withPhotos(CROWD_MIN_PHOTOS), await backgroundsOf(others)),
  ];
  for (const protocol of protocols.filter(({ id }) => values.only === undefined || id === values.only)) {
    for (const features of FEATURE_SET_NAMES) {
      console.error(`${protocol.title}, ${features}`);
      rows.push(...(await compare(protocol, features, Number(values.draws))));
    }
  }
  console.log(`TensorFlow.js on ${name}\n\n${markdown([[...HEAD, ...MORE], ...rows])}`);
}

async function compare(protocol: Protocol, features: FeatureSetName, most: number): Promise<string[][]> {
  const { title, people, backgrounds } = protocol;
  const draws = protocol.draws.slice(0, most);
  const trials = { closed: [] as Trial[], refined: [] as Trial[] };
  const cpuMs = { closed: 0, refined: 0 };
  let taken = 0;
  const refined: Fit = async (background, statistics) => {
    const closed = await fitFromStatistics(background, statistics);
    const refinement = await refineModel(background, statistics, closed);
    if (refinement.taken) taken++;
    return refinement.fitted;
  };
  const ways: readonly (readonly ['closed' | 'refined', Fit])[] = [
    ['closed', fitFromStatistics],
    ['refined', refined],
  ];
  for (const draw of draws) {
    for (const [way, fit] of ways) {
      const timed: Fit = async (...given) => {
        const started = process.cpuUsage();
        const fitted = await fit(...given);
        cpuMs[way] += process.cpuUsage(started).user / 1000;
        return fitted;
      };
      trials[way].push(await runTrial(draw, people, backgrounds[features], timed));
    }
  }
  const row = (way: 'closed' | 'refined'): string[] => [
    ...[title, features, way === 'closed' ? 'closed form' : 'refined'],
    ...shown(figuresOf(trials[way])),
    way === 'closed' ? '' : `${taken} of ${draws.length}`,
    (cpuMs[way] / draws.length / 1000).toFixed(2),
  ];
  return [row('closed'), row('refined')];
}

function shown({ rank1, openSet }: Figures): string[] {
  const share = ({ mean, sd }: MeanSd): string => `${decimals(mean)} ± ${decimals(sd)}`;
  if (openSet === undefined) return [share(rank1), '', ''];
  const { tpirAtFpir1, strict } = openSet;
  return [share(rank1), share(tpirAtFpir1), `${share(strict.fpir)} / ${share(strict.tpir)}`];
}
