/**
 * What one more photo costs a large key: the last step of a training (read → fit → publish), from the statistics that lie with the
 * model and, for comparison, from everybody's numbers. Drawn numbers in a folder: nothing about accuracy.
 *
 *   pnpm bench incremental [--labels 1000] [--photos 100] [--features auto|embedding|ratios] [--json]
 *
 * CPU milliseconds of the process; equal to the time it takes on an idle machine.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { newId, type Subject, type TrainPayload, type WantedFeatures } from '@facehash/contracts';
import { selectBackend } from '@facehash/keras-models';
import {
  apiKeys,
  featureTables,
  models,
  openStorage,
  subjects,
  type FeatureTable,
  type ObjectStorage,
} from '@facehash/storage';
// The step itself: what it costs is no business of the app's users.
import { shippedBackgrounds, type Backgrounds } from '../apps/worker/src/backgrounds.js';
import { fitTogether, type Fitted } from '../apps/worker/src/handlers/fit-together.js';
import { aloneContext } from '../apps/worker/src/testing/job-context.js';

const ROUNDS = 5;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      labels: { type: 'string', default: '1000' },
      photos: { type: 'string', default: '100' },
      features: { type: 'string', default: 'auto' },
      json: { type: 'boolean', default: false },
    },
  });
  const [labels, photos] = [Number(values.labels), Number(values.photos)];
  await selectBackend('wasm');
  const backgrounds = await shippedBackgrounds();
  const folder = await mkdtemp(path.join(tmpdir(), 'facehash-incremental-'));
  const storage = await openStorage(pathToFileURL(folder).href);
  try {
    const { key } = await apiKeys(storage).create({
      name: 'bench',
      now: new Date(),
      features: values.features as WantedFeatures,
    });
    const people = await enrolEverybody(storage, backgrounds, { keyId: key.id, labels, photos });
    const training = trainingOf(storage, backgrounds, key.id);
    const scratch = await training(people[0]!, photos);
    const rounds: Cost[] = [];
    for (let round = 1; round <= ROUNDS; round++) rounds.push(await training(people[round]!, photos));
    const median = rounds.sort((a, b) => a.cpuMs - b.cpuMs)[Math.floor(ROUNDS / 2)]!;
    if (values.json) {
      console.log(
        JSON.stringify({ bench: 'incremental', labels, photos, features: values.features, scratch, median }),
      );
    } else {
      console.log(
        `${labels} labels × ${photos} photos, features ${values.features}, one photo more, CPU ms:`,
      );
      console.log(`  from everybody's numbers: ${shown(scratch)}`);
      console.log(`  from the model's statistics: ${shown(median)}`);
    }
  } finally {
    await storage.close();
    await rm(folder, { recursive: true });
  }
}

interface Cost {
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Of the wall, by step. */
  readonly timings: Fitted['timings'];
}

function trainingOf(storage: ObjectStorage, backgrounds: Backgrounds, keyId: string) {
  return async (person: Subject, photo: number): Promise<Cost> => {
    const payload = payloadOf(keyId, person);
    const tables = [drawTable(backgrounds, person.id, photo, photo + 1)];
    const reports = [{ accepted: 1, refused: [], warnings: [], turns: [0] }];
    const warn = (error: unknown) => {
      throw error instanceof Error ? error : new Error(String(error));
    };
    const [cpu, started] = [process.cpuUsage(), performance.now()];
    const { card, timings } = await fitTogether(
      { storage, backgrounds, warn },
      { own: { payload, reports, tables }, along: [] },
      aloneContext,
    );
    const { user, system } = process.cpuUsage(cpu);
    const wallMs = performance.now() - started;
    if ((await models(storage, keyId).currentVersion()) !== card.version)
      throw new Error('it is not in force');
    return { cpuMs: Math.round((user + system) / 1000), wallMs: Math.round(wallMs), timings };
  };
}

function payloadOf(keyId: string, { id, label }: Subject): TrainPayload {
  const jobId = newId('job');
  const subject = { subjectId: id, label, batches: 1, photos: [] };
  return {
    ...{ jobId, keyId, createdAt: new Date().toISOString(), webhookIds: [] },
    subject,
  } as unknown as TrainPayload;
}

async function enrolEverybody(
  storage: ObjectStorage,
  backgrounds: Backgrounds,
  { keyId, labels, photos }: { keyId: string; labels: number; photos: number },
): Promise<Subject[]> {
  const people = Array.from({ length: labels }, (_, n): Subject => ({
    ...{ id: newId('subject'), label: `person ${n}`, createdAt: new Date().toISOString() },
  }));
  for (const person of people) {
    const table = drawTable(backgrounds, person.id, 0, photos);
    await featureTables(storage, keyId).write(person.id, 'first', table);
    await subjects(storage, keyId).put(person);
  }
  return people;
}

const centres = new Map<string, Record<'projection' | 'embedding', Float64Array>>();

/** People differ twice as much as their photos. */
function drawTable({ ratios, embedding }: Backgrounds, id: string, from: number, to: number): FeatureTable {
  const ranks = { projection: ratios.rank, embedding: embedding.size };
  const centre = centres.get(id) ?? {
    projection: Float64Array.from({ length: ranks.projection }, () => 2 * normal()),
    embedding: Float64Array.from({ length: ranks.embedding }, () => 2 * normal()),
  };
  centres.set(id, centre);
  const count = to - from;
  const column = (name: 'projection' | 'embedding') =>
    Float32Array.from({ length: count * ranks[name] }, (_, at) => centre[name][at % ranks[name]]! + normal());
  return {
    extractor: 'drawn',
    background: ratios.id,
    photoIds: Array.from({ length: count }, (_, n) => `pho_${id}_${from + n}`),
    columns: {
      ...{ landmarks: new Float32Array(count * 136) },
      ...{ projection: column('projection'), embedding: column('embedding') },
    },
  };
}

function shown({ cpuMs, wallMs, timings }: Cost): string {
  const steps = Object.entries(timings).map(([step, ms]) => `${step} ${Math.round(ms)}`);
  return `${cpuMs} (wall ${wallMs}: ${steps.join(', ')})`;
}

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
