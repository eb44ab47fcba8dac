import { readFile, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import type { MeasuredPerson, MeasuredPhoto } from '@facehash/evaluation';
import type { FaceAnalyzer } from '@facehash/vision';
import { measurePhoto } from '../../apps/worker/src/evaluation/measure-photo.js';
import { openAnalyzer } from './open-analyzer.js';
import { readPhoto, type Person } from './photos.js';

export interface Measuring {
  people(people: readonly Person[]): Promise<MeasuredPerson[]>;
  readonly analyzer: FaceAnalyzer;
  close(): Promise<void>;
}

/** @param cacheFile outside the repository: it holds numbers of real people. Whoever changes the vision code deletes it. */
export async function startMeasuring(cacheFile: string | undefined): Promise<Measuring> {
  const known = await readCache(cacheFile);
  const analyzer = await openAnalyzer();
  let done = 0;
  const measure = async (file: string): Promise<MeasuredPhoto> => {
    const photo = known.get(file) ?? (await measurePhoto(await readPhoto(file), analyzer));
    known.set(file, photo);
    if (++done % 200 === 0) console.error(`${done} photos measured`);
    return photo;
  };
  return {
    analyzer,
    people: (people) => Promise.all(people.map(({ files }) => Promise.all(files.map(measure)))),
    close: async () => {
      analyzer.close();
      if (cacheFile !== undefined) await writeFile(cacheFile, serialize(known));
    },
  };
}

async function readCache(file: string | undefined): Promise<Map<string, MeasuredPhoto>> {
  if (file === undefined) return new Map();
  const bytes = await readFile(file).catch(() => undefined);
  return bytes === undefined ? new Map() : (deserialize(bytes) as Map<string, MeasuredPhoto>);
}
