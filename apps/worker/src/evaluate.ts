/**
 * A process of its own, started by `facehash evaluate`: measures photos in folders of people as the service would, splits them, and
 * says how well it would do on them. Nothing is kept but the report, which holds no photo and nobody's numbers.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { IMAGE_LIMITS } from '@facehash/contracts';
import { evaluate, type MeasuredPerson, type ProtocolReport } from '@facehash/evaluation';
import { selectBackend } from '@facehash/keras-models';
import { createFaceAnalyzer, type FaceAnalyzer } from '@facehash/vision';
import { shippedBackgrounds } from './backgrounds.js';
import { readToolConfig } from './config.js';
import { measurePhoto } from './evaluation/measure-photo.js';
import { ownProtocols } from './evaluation/own-protocols.js';
import { writeOwnReport } from './evaluation/write-own-report.js';
import { better } from './handlers/choose-features.js';
import { photoFolders, type PhotoFolder } from './photo-folders.js';
import { run } from './start/run.js';

run(async () => {
  const { values } = parseArgs({
    options: {
      people: { type: 'string' },
      out: { type: 'string' },
      draws: { type: 'string', default: '10' },
    },
  });
  if (values.people === undefined || values.out === undefined) throw new Error('expected --people and --out');
  const config = readToolConfig();
  const folders = await photoFolders(values.people);
  await selectBackend(config.backend);
  const analyzer = await createFaceAnalyzer({ ...config, maxPixels: IMAGE_LIMITS.maxPixels });
  const people = await measure(folders, analyzer);
  analyzer.close();

  const reports: ProtocolReport[] = [];
  for (const protocol of ownProtocols(people, await shippedBackgrounds(), Number(values.draws)))
    reports.push(await evaluate(protocol, (ratios, embedding) => better(ratios, embedding, undefined)));
  const [closed, open] = reports;
  process.stdout.write(await writeOwnReport(values.out, [closed!, open!]));
});

async function measure(folders: readonly PhotoFolder[], analyzer: FaceAnalyzer): Promise<MeasuredPerson[]> {
  const total = folders.reduce((sum, { files }) => sum + files.length, 0);
  let done = 0;
  const one = async (file: string) => {
    const photo = await measurePhoto(await readFile(file), analyzer);
    done += 1;
    if (done % 50 === 0 || done === total) process.stderr.write(`${done} of ${total} photos measured\n`);
    return photo;
  };
  const people: MeasuredPerson[] = [];
  // A person at a time: the photos that wait lie in memory.
  for (const { files } of folders) people.push(await Promise.all(files.map(one)));
  return people;
}
