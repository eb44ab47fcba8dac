import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FeatureSetName, ImportResult, ModelFormat, RecognizeResult } from '@facehash/contracts';
import { toNpy, writeModelFile } from '@facehash/keras-files';
import {
  buildKerasModel,
  fitKeyModel,
  loadKeyModel,
  saveKeyModel,
  seededRandom,
  selectBackend,
  shippedBackground,
} from '@facehash/keras-models';
import { drawPerson, drawPortrait, drawScene } from '@facehash/testkit';
import { startService, type Caller, type Service } from '../e2e/start-service.js';
import { hasKeras, runPython } from './python.js';

interface Predicted {
  readonly scores: number[][];
  readonly about: { readonly threshold: number; readonly labels: readonly object[] };
}

// Where there is no Python with Keras the report counts these as skipped.
const suite = hasKeras() ? describe : describe.skip;

suite('real Keras', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'facehash-keras-'));
    await selectBackend('wasm');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each<[FeatureSetName, ModelFormat]>([
    ['ratios', 'keras'],
    ['embedding', 'h5'],
  ])(
    'opens a downloaded model on %s as .%s and says of 50 faces what we say, within 0.001',
    async (features, format) => {
      const background = await shippedBackground(features);
      const { size, rank, mean, sd } = background;
      const people = Array.from({ length: 6 }, (_, at) => ({
        ...{ id: `sub_${at}`, count: 3 },
        rows: scattered(3 * rank, at),
      }));
      const built = buildKerasModel(background, await fitKeyModel(background, people));
      const files = await saveKeyModel(built);
      built.dispose();

      const drawn = scattered(50 * size, 99);
      const faces = drawn.map((z, at) => mean[at % size]! + sd[at % size]! * z);
      const labels = people.map(({ id }) => ({ label: id, subject_id: id }));
      const about = {
        version: 'mdl_1',
        features,
        threshold: 2.5,
        labels,
        trained_at: '2026-11-24T12:00:00Z',
      };
      const model = path.join(folder, `${features}.${format}`);
      await writeFile(model, await writeModelFile(files, format, about));
      await writeFile(path.join(folder, 'faces.npy'), toNpy(faces, size));
      const said = (await runPython('predict.py', model, path.join(folder, 'faces.npy'))) as Predicted;
      expect(said.about).toEqual(about);

      const ours = await loadKeyModel(files);
      const expected = await ours.score(faces);
      ours.dispose();
      expect(said.scores).toHaveLength(50);
      said.scores.forEach((scores, n) => {
        const own = [...expected.subarray(n * people.length, (n + 1) * people.length)];
        scores.forEach((score, c) => {
          expect(Math.abs(score - own[c]!)).toBeLessThan(1e-3);
        });
        expect(scores.indexOf(Math.max(...scores))).toBe(own.indexOf(Math.max(...own)));
      });
    },
    60_000,
  );

  describe('trains a model on exported features, which', () => {
    const PEOPLE = { Ada: 1, Ben: 2, Cleo: 3 } as const;
    let service: Service;
    let caller: Caller;
    let model: Buffer;
    let labels: string[];

    beforeAll(async () => {
      service = await startService();
      caller = await service.newKey();
      for (const [label, seed] of Object.entries(PEOPLE)) {
        await mkdir(path.join(folder, 'people', label), { recursive: true });
        for (let at = 0; at < 8; at++) {
          const photo = await drawPortrait(drawPerson(seed), at);
          await writeFile(path.join(folder, 'people', label, `${at}.jpg`), photo);
        }
      }
      await writeFile(path.join(folder, 'people/Ada/scene.jpg'), await drawScene(1));
      await exportFeatures(path.join(folder, 'people'), path.join(folder, 'features'));
      const target = path.join(folder, 'trained.keras');
      labels = (await runPython('train.py', path.join(folder, 'features'), target)) as string[];
      model = await readFile(target);
    }, 120_000);
    afterAll(() => service.stop());

    async function importIt(fields: Record<string, string>) {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      body.set('model', new Blob([new Uint8Array(model)]), 'trained.keras');
      return caller.ended(await caller.request('/v1/models', { method: 'POST', body }));
    }

    it('were measured as an enrolment does, photos without a face refused with the reason', async () => {
      const refused = await readFile(path.join(folder, 'features/refused.json'), 'utf8');
      expect(JSON.parse(refused)).toEqual([
        expect.objectContaining({ label: 'Ada', photo: 'scene.jpg', reason: 'NO_FACE' }),
      ]);
      expect(labels).toEqual(Object.keys(PEOPLE));
    });

    it('is imported over HTTP and names photos it has not seen', async () => {
      const job = await importIt({ labels: JSON.stringify(labels), threshold: '1' });
      expect(job).toMatchObject({ status: 'succeeded', error: null });
      expect((job.result as ImportResult).model).toMatchObject({
        labels: 3,
        features: 'ratios',
        threshold: 1,
      });
      for (const [label, seed] of Object.entries(PEOPLE)) {
        const answer = await caller.ended(await caller.recognize(await drawPortrait(drawPerson(seed), 100)));
        expect((answer.result as RecognizeResult).faces.map((face) => face.label)).toEqual([label]);
      }
    }, 60_000);

    it('comes back from its download as it was', async () => {
      const answer = await caller.request('/v1/models/current/download?format=keras');
      const downloaded = path.join(folder, 'downloaded.keras');
      await writeFile(downloaded, new Uint8Array(await answer.arrayBuffer()));
      const faces = path.join(folder, 'features/features.npy');
      const said = (await runPython('predict.py', downloaded, faces)) as Predicted;
      expect(said.about).toMatchObject({ threshold: 1, labels: labels.map((label) => ({ label })) });
      const best = said.scores.map((scores) => labels[scores.indexOf(Math.max(...scores))]);
      const truth = await readFile(path.join(folder, 'features/labels.json'), 'utf8');
      expect(best).toEqual(JSON.parse(truth));
    }, 60_000);

    it('is refused with one label too few, and the model in force stays', async () => {
      const before = await (await caller.request('/v1/model')).json();
      const job = await importIt({ labels: JSON.stringify(labels.slice(1)) });
      expect(job).toMatchObject({ status: 'failed', error: { code: 'MODEL_UNSUPPORTED' } });
      expect(await (await caller.request('/v1/model')).json()).toEqual(before);
    }, 60_000);
  });
});

/** Numbers of mean 0 and variance 1. */
function scattered(count: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => Math.sqrt(12) * (random() - 0.5));
}

/** As `facehash features DIR --features ratios` runs it. */
async function exportFeatures(people: string, out: string): Promise<void> {
  const program = ['--conditions', 'source', '--import', 'tsx', 'apps/worker/src/features.ts'];
  const args = ['--people', people, '--out', out, '--features', 'ratios'];
  await promisify(execFile)(process.execPath, [...program, ...args], {
    cwd: path.resolve(import.meta.dirname, '../..'),
  });
}
