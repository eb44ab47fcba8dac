import { expect, it } from '@jest/globals';
import { selectBackend, type WantedBackend } from '../backend.js';
import { fitKeyModel } from '../fit/fit-key-model.js';
import { drawPeople, syntheticBackground, toFeatures } from '../synthetic-people.js';
import { buildKerasModel } from './build-keras-model.js';
import { loadKeyModel } from './load-key-model.js';
import { saveKeyModel, type KeyModelFiles } from './save-key-model.js';

interface Key {
  readonly files: KeyModelFiles;
  readonly faces: Float32Array;
}

const isInstalled = await selectBackend('tensorflow').then(
  () => true,
  () => false,
);

/** Up to 40 labels, of the size of embeddings; some of the ratios'. */
async function drawKey(seed: number): Promise<Key> {
  const [size, rank] = seed % 50 === 0 ? [2278, 110] : [128, 8 + (seed % 24)];
  const background = syntheticBackground({ size, rank, seed, separation: 1 });
  const enrolled = drawPeople(background, 1 + (seed % 40), (person) => 1 + (person % 5), 1000 + seed);
  const model = buildKerasModel(background, await fitKeyModel(background, enrolled));
  const files = await saveKeyModel(model);
  model.dispose();
  const faces = [...drawPeople(background, 5, 1, 2000 + seed), ...enrolled.slice(0, 5)];
  return { files, faces: toFeatures(background, Float32Array.from(faces.flatMap(({ rows }) => [...rows]))) };
}

async function scoresOn(backend: WantedBackend, keys: readonly Key[]): Promise<number[][]> {
  expect(await selectBackend(backend)).toMatchObject({ name: backend });
  const scores: number[][] = [];
  for (const { files, faces } of keys) {
    const model = await loadKeyModel(files);
    scores.push([...(await model.score(faces))]);
    model.dispose();
  }
  return scores;
}

let keys: readonly Key[] | undefined;
async function hundredKeys(): Promise<readonly Key[]> {
  await selectBackend('wasm');
  keys ??= await Promise.all(Array.from({ length: 100 }, (_, seed) => drawKey(seed)));
  return keys;
}

/** @param ofScore what rounding may cost of a key's largest score, where that is more than a thousandth */
async function expectAgreement(backend: WantedBackend, ofScore = 0): Promise<void> {
  const drawn = await hundredKeys();
  const [expected, found] = [await scoresOn('cpu', drawn), await scoresOn(backend, drawn)];
  expect(expected).toHaveLength(100);
  expected.forEach((scores, key) => {
    const differences = scores.map((score, at) => Math.abs(score - found[key]![at]!));
    const largest = Math.max(...scores.map(Math.abs));
    expect(Math.max(...differences)).toBeLessThan(Math.max(1e-3, ofScore * largest));
  });
}

it('100 key models score alike on WASM and plain CPU', () => expectAgreement('wasm'), 180_000);

(isInstalled ? it : it.skip)(
  "100 key models score alike on native TensorFlow and plain CPU ('npm run setup:tensorflow')",
  // Plain CPU sums 2 278 ratios in double precision, native TensorFlow in single: .0013 of a score of 183.
  () => expectAgreement('tensorflow', 1e-5),
  180_000,
);
