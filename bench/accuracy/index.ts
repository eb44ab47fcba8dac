/**
 * Recognition figures through the product's own packages, on real photos that stay outside the repository:
 * `pnpm bench accuracy --photos DIR [--report docs] [--cache FILE]`. DIR holds `orl/` and `lfw/`; the report is a page with tables
 * and plots. The cache keeps what was measured on the photos: numbers of real people, so outside the repository too.
 */
import { parseArgs } from 'node:util';
import { evaluate, type Protocol, type ProtocolReport } from '@facehash/evaluation';
import { selectBackend } from '@facehash/keras-models';
import { shippedBackgrounds, type Backgrounds } from '../../apps/worker/src/backgrounds.js';
import { better } from '../../apps/worker/src/handlers/choose-features.js';
import { backgroundsOf } from './backgrounds-of.js';
import { countFacesWhereNoneAre } from './face-free.js';
import { startMeasuring } from './measure-people.js';
import { oneToOne } from './one-to-one.js';
import { LFW_TEST_MIN_PHOTOS, lfwPeople, orlPeople } from './photos.js';
import { CROWD_MIN_PHOTOS, crowdProtocol, lfwProtocols, orlProtocols } from './protocols.js';
import { writeReport } from './report.js';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { photos: { type: 'string' }, cache: { type: 'string' }, report: { type: 'string' } },
  });
  if (values.photos === undefined)
    throw new Error('usage: accuracy --photos DIR [--report DIR] [--cache FILE]');
  await selectBackend();
  const measuring = await startMeasuring(values.cache);
  const orl = await measuring.people(await orlPeople(values.photos));
  const lfw = await measuring.people(await lfwPeople(values.photos));
  const faceFree = await countFacesWhereNoneAre(measuring.analyzer);
  await measuring.close();

  const backgrounds = await shippedBackgrounds();
  const protocols: ProtocolReport[] = [];
  for (const protocol of await protocolsOf(orl, lfw, backgrounds)) {
    console.error(protocol.title);
    protocols.push(await evaluate(protocol, (ratios, embedding) => better(ratios, embedding, undefined)));
  }
  const results = {
    date: new Date().toISOString().slice(0, 10),
    protocols,
    oneToOne: [
      ...oneToOne('LFW', withPhotos(lfw, LFW_TEST_MIN_PHOTOS), backgrounds),
      ...oneToOne('ORL', orl, backgrounds),
    ],
    faceFree,
    refused: refusedOf([...orl, ...lfw]),
  };
  if (values.report === undefined) console.log(JSON.stringify(results));
  else await writeReport(values.report, results);
}

function refusedOf(people: People): { photos: number; of: number } {
  const photos = people.flat();
  return { photos: photos.filter(({ enrolled }) => enrolled === undefined).length, of: photos.length };
}

type People = Protocol['people'];

async function protocolsOf(orl: People, lfw: People, backgrounds: Backgrounds): Promise<Protocol[]> {
  const others = lfw.filter((photos) => photos.length < CROWD_MIN_PHOTOS);
  return [
    ...orlProtocols(orl, backgrounds),
    ...lfwProtocols(withPhotos(lfw, LFW_TEST_MIN_PHOTOS), backgrounds),
    crowdProtocol(withPhotos(lfw, CROWD_MIN_PHOTOS), await backgroundsOf(others)),
  ];
}

const withPhotos = (people: People, photos: number): People => people.filter((own) => own.length >= photos);
