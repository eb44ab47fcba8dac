/**
 * A process of its own, started by `facehash features`: measures photos in folders of people and writes the numbers, for whoever
 * trains a model elsewhere. Needs no server.
 */
import { parseArgs } from 'node:util';
import { FEATURE_SET_NAMES, IMAGE_LIMITS } from '@facehash/contracts';
import { createFaceAnalyzer } from '@facehash/vision';
import { readToolConfig } from './config.js';
import { exportFeatures } from './features/export-features.js';
import { photoFolders } from './photo-folders.js';
import { run } from './start/run.js';

run(async () => {
  const { values } = parseArgs({
    options: { people: { type: 'string' }, out: { type: 'string' }, features: { type: 'string' } },
  });
  const features = FEATURE_SET_NAMES.find((name) => name === values.features);
  if (values.people === undefined || values.out === undefined || features === undefined) {
    throw new Error(`expected --people, --out, and --features ${FEATURE_SET_NAMES.join(' or ')}`);
  }
  const folders = await photoFolders(values.people);
  const analyzer = await createFaceAnalyzer({ ...readToolConfig(), maxPixels: IMAGE_LIMITS.maxPixels });
  const total = folders.reduce((sum, { files }) => sum + files.length, 0);
  const exported = await exportFeatures(folders, { out: values.out, features, analyzer }, (done) => {
    if (done % 50 === 0 || done === total) process.stderr.write(`${done} of ${total} photos measured\n`);
  });
  analyzer.close();
  for (const { label, photo, reason, detail } of exported.refused) {
    process.stderr.write(`Refused ${label}/${photo}: ${reason} — ${detail}\n`);
  }
  const { rows, size, people } = exported;
  process.stdout.write(`${rows} photos of ${people} people, ${size} numbers each: ${values.out}\n`);
  if (rows === 0) process.exitCode = 1;
});
