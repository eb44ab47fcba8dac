import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../backend.js';
import type { Background } from '../background/background.js';
import { fitKeyModel } from '../fit/fit-key-model.js';
import type { SubjectRows } from '../fit/subject-rows.js';
import { referenceLlr } from '../fit/reference-llr.js';
import { drawPeople, syntheticBackground, toFeatures } from '../synthetic-people.js';
import { buildKerasModel } from './build-keras-model.js';
import { loadKeyModel, type KeyModel } from './load-key-model.js';
import { saveKeyModel, type KeyModelFiles } from './save-key-model.js';

beforeAll(async () => {
  expect(await selectBackend('wasm')).toMatchObject({ name: 'wasm' });
});

async function filesOf(background: Background, subjects: readonly SubjectRows[]): Promise<KeyModelFiles> {
  const model = buildKerasModel(background, await fitKeyModel(background, subjects));
  const files = await saveKeyModel(model);
  model.dispose();
  return files;
}

async function compare(background: Background, enrolled: SubjectRows[], faces: SubjectRows[]): Promise<void> {
  const model = await loadKeyModel(await filesOf(background, enrolled));
  const rows = Float32Array.from(faces.flatMap((face) => [...face.rows]));
  const scores = await model.score(toFeatures(background, rows));
  model.dispose();
  const reference = referenceLlr(background, enrolled);
  faces.forEach((face, n) => {
    const expected = reference(face.rows);
    const found = [...scores.subarray(n * enrolled.length, (n + 1) * enrolled.length)];
    found.forEach((score, c) => {
      expect(Math.abs(score - expected[c]!)).toBeLessThan(1e-3);
    });
    expect(found.indexOf(Math.max(...found))).toBe(expected.indexOf(Math.max(...expected)));
  });
}

describe('the Keras model', () => {
  it('computes the closed-form ratios of 50 random keys to 1e-3, with the same best label', async () => {
    for (let key = 0; key < 50; key++) {
      const background = syntheticBackground({ size: 40 + key, rank: 10 + (key % 20), seed: key });
      const enrolled = drawPeople(background, 1 + (key % 12), (person) => 1 + (person % 6), 1000 + key);
      await compare(background, enrolled, [
        ...drawPeople(background, 4, 1, 2000 + key),
        ...enrolled.map(({ id, rows }) => ({ id, rows: rows.slice(0, background.rank), count: 1 })),
      ]);
    }
  }, 180_000);

  it('does so at the size of the ratios, too', async () => {
    const background = syntheticBackground({ size: 2278, rank: 110, seed: 5, separation: 1 });
    await compare(background, drawPeople(background, 5, 4, 6), drawPeople(background, 5, 1, 7));
  });
});

describe('a stored model', () => {
  const background = syntheticBackground({ size: 40, rank: 10, seed: 1 });
  const enrolled = drawPeople(background, 4, 3, 2);
  const face = toFeatures(background, drawPeople(background, 1, 2, 3)[0]!.rows);
  let files: KeyModelFiles;
  beforeAll(async () => {
    files = await filesOf(background, enrolled);
  });
  const corrupt = expect.objectContaining({ code: 'MODEL_CORRUPT' });
  const edited = (edit: (text: string) => string): KeyModelFiles => ({
    ...files,
    modelJson: new TextEncoder().encode(edit(new TextDecoder().decode(files.modelJson))),
  });

  it('scores exactly as the one that was saved', async () => {
    const built = buildKerasModel(background, await fitKeyModel(background, enrolled));
    const before = tf.tidy(() => (built.predict(tf.tensor2d(face, [2, 40])) as tf.Tensor).dataSync());
    built.dispose();
    const loaded = await loadKeyModel(files);
    expect(loaded).toMatchObject({ size: 40, labels: 4 });
    expect([...(await loaded.score(face))]).toEqual([...before]);
    loaded.dispose();
  });

  it('is refused as corrupt, leaving no tensor, when a file is cut, is no JSON, or names another layer or shape', async () => {
    const broken: KeyModelFiles[] = [
      { ...files, weights: files.weights.slice(4) },
      { ...files, weights: new Uint8Array(files.weights.length).fill(255) },
      edited((text) => text.slice(0, -9)),
      edited((text) => text.replace('"class_name":"Multiply"', '"class_name":"Lambda"')),
      edited((text) => text.replace('"shape":[40,10]', '"shape":[10,40]')),
      edited((text) => text.replace('"units":4', '"units":5')),
      edited((text) => text.replace('[null,40]', '[null,41]')),
    ];
    const before = tf.memory().numTensors;
    for (const damaged of broken) await expect(loadKeyModel(damaged)).rejects.toThrow(corrupt);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves no tensor behind after 1 000 scores and its own end', async () => {
    const before = tf.memory().numTensors;
    const model: KeyModel = await loadKeyModel(files);
    const loaded = tf.memory().numTensors;
    for (let n = 0; n < 1000; n++) await model.score(face);
    expect(tf.memory().numTensors).toBe(loaded);
    model.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses an input of another size, an empty one, and any after its end', async () => {
    const model = await loadKeyModel(files);
    await expect(model.score(new Float32Array(41))).rejects.toThrow(/multiple of 40/);
    await expect(model.score(new Float32Array(0))).rejects.toThrow(/multiple of 40/);
    model.dispose();
    await expect(model.score(face)).rejects.toThrow(/disposed/);
  });
});
