import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { selectBackend } from '@facehash/keras-models';
import { openEngines, type EngineKind, type FaceAnalyzerOptions } from '@facehash/vision';

/** One face, and its embedding. */
const [PIXELS, SIZE] = [112 * 112, 128];

/** Conformance: whatever is true of an engine is true of every one. */
const ENGINES: readonly [name: string, kind: EngineKind, backend: 'tensorflow' | 'wasm' | undefined][] = [
  ['OpenCV', 'opencv', undefined],
  ['WASM', 'tfjs', 'wasm'],
  ['native TensorFlow', 'tfjs', 'tensorflow'],
];

const isInstalled = await selectBackend('tensorflow').then(
  () => true,
  () => false,
);

/** Smooth, with light and dark patches of the size of features. */
function picture(seed: number): Uint8Array {
  return Uint8Array.from({ length: PIXELS }, (_, at) => {
    const [x, y] = [at % 112, Math.floor(at / 112)];
    return 128 + 60 * Math.sin((x * (seed + 2)) / 40 + seed) + 60 * Math.cos((y * (seed + 3)) / 50);
  });
}
const pictures = Array.from({ length: 10 }, (_, seed) => picture(seed));
const embeddings = new Map<string, Float32Array>();

describe.each(ENGINES)('%s', (name, kind, backend) => {
  if (backend === 'tensorflow' && !isInstalled) {
    it.skip("is not installed; 'npm run setup:tensorflow' does", () => undefined);
    return;
  }
  let engines: NonNullable<FaceAnalyzerOptions['engines']>;
  const embed = (faces: Uint8Array) => engines[0]!.embed(faces);

  beforeAll(async () => {
    if (backend !== undefined) await selectBackend(backend);
    // Checks them against the original network.
    engines = await openEngines(kind, 2);
    embeddings.set(name, await embed(Buffer.concat(pictures)));
  });
  afterAll(() => {
    for (const engine of engines) engine.close();
  });

  it('is one for each slot, or one for all where it gathers what comes', () => {
    expect(engines).toHaveLength(kind === 'opencv' ? 2 : 1);
  });

  it('gives a face the same embedding alone and among more than fit into a batch', async () => {
    const together = embeddings.get(name)!;
    expect(together).toHaveLength(10 * SIZE);
    for (const at of [0, 9]) {
      const alone = await embed(pictures[at]!);
      alone.forEach((value, j) => {
        expect(together[at * SIZE + j]).toBeCloseTo(value, 3);
      });
    }
  });

  it('answers calls that overlap, each with its own, and one for no face', async () => {
    const [first, none, second] = await Promise.all([
      embed(pictures[1]!),
      embed(new Uint8Array()),
      embed(pictures[2]!),
    ]);
    expect(none).toHaveLength(0);
    const alone = await embed(pictures[2]!);
    second.forEach((value, at) => {
      expect(value).toBeCloseTo(alone[at]!, 3);
    });
    expect(first).not.toEqual(second);
  });

  it('answers after another engine of its kind was closed', async () => {
    const [another] = await openEngines(kind, 1);
    another!.close();
    another!.close();
    expect(await embed(pictures[0]!)).toHaveLength(SIZE);
  });
});

it('all agree on an embedding: its direction to a cosine of .999, its length to a thousandth', () => {
  const [[, reference], ...others] = [...embeddings] as [[string, Float32Array], ...[string, Float32Array][]];
  expect(others.length).toBeGreaterThan(0);
  for (const [, other] of others) {
    for (let at = 0; at < 10; at++) {
      const [a, b] = [reference, other].map((all) => all.subarray(at * SIZE, (at + 1) * SIZE)) as [
        Float32Array,
        Float32Array,
      ];
      const product = a.reduce((sum, value, j) => sum + value * b[j]!, 0);
      expect(product / (Math.hypot(...a) * Math.hypot(...b))).toBeGreaterThan(0.999);
      expect(Math.hypot(...b) / Math.hypot(...a)).toBeCloseTo(1, 3);
    }
  }
});
