/**
 * How much of a person's own spread a model takes over: the weight and the shrinkage of the ratios' background statistics, on people
 * who are in no test (LFW, four to nine photos each), with statistics of the others.
 *
 *   pnpm bench shrinkage --photos DIR [--cache FILE] [--draws 12] [--try 'weight/shrinkage …']
 *
 * DIR and FILE as in `pnpm bench accuracy`.
 */
import { parseArgs } from 'node:util';
import { decimals, figuresOf, markdown, openDraws, runTrial, takes, type Trial } from '@facehash/evaluation';
import { estimateBackground, selectBackend, shippedBackground } from '@facehash/keras-models';
import { startMeasuring } from './accuracy/measure-people.js';
import { LFW_TEST_MIN_PHOTOS, lfwPeople } from './accuracy/photos.js';
import { CROWD_MIN_PHOTOS } from './accuracy/protocols.js';

const ENROLLED = 40;
const PHOTOS = 3;
const TRIED = '100/.02 100/.0125 100/.01 100/.005 100/.002 300/.0125';
const HEAD = [
  'weight / shrinkage',
  'rank-1',
  'enrolled named at 1 % of strangers',
  'at 5 %',
  'own threshold, strict: strangers / enrolled named',
];

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      ...{ photos: { type: 'string' }, cache: { type: 'string' } },
      ...{ draws: { type: 'string', default: '12' }, try: { type: 'string', default: TRIED } },
    },
  });
  if (values.photos === undefined)
    throw new Error("usage: shrinkage --photos DIR [--cache FILE] [--draws 12] [--try '100/.02 …']");
  await selectBackend();
  const measuring = await startMeasuring(values.cache);
  const untested = (await lfwPeople(values.photos)).filter(({ files }) => files.length < LFW_TEST_MIN_PHOTOS);
  const people = await measuring.people(untested);
  await measuring.close();

  const asked = people.filter((photos) => photos.length >= CROWD_MIN_PHOTOS);
  const others = people
    .filter((photos) => photos.length < CROWD_MIN_PHOTOS)
    .map((photos) => photos.flatMap(({ enrolled }) => (enrolled === undefined ? [] : [enrolled.ratios])))
    .filter((photos) => photos.length > 0);
  const draws = openDraws(takes(asked), {
    ...{ enrolled: ENROLLED, photos: () => PHOTOS, draws: Number(values.draws) },
  });
  const { rank } = await shippedBackground('ratios');
  const rows: string[][] = [];
  for (const tried of values.try.split(' ')) {
    const [weight = NaN, shrinkage = NaN] = tried.split('/').map(Number);
    const background = estimateBackground(others, {
      ...{ features: 'ratios', rank, weight, shrinkage, origin: 'people who are not tested' },
    });
    const trials: Trial[] = [];
    for (const draw of draws) trials.push(await runTrial(draw, asked, background));
    const { rank1, openSet } = figuresOf(trials);
    if (openSet === undefined) throw new Error('expected strangers among the probes');
    const { strict } = openSet;
    rows.push([
      tried,
      ...[rank1, openSet.tpirAtFpir1, openSet.tpirAtFpir5].map(
        ({ mean, sd }) => `${decimals(mean)} ± ${decimals(sd)}`,
      ),
      `${decimals(strict.fpir.mean)} / ${decimals(strict.tpir.mean)}`,
    ]);
  }
  console.log(`${asked.length} people, ${others.length} others in the background, ${draws.length} draws`);
  console.log(markdown([HEAD, ...rows]));
}
