import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { selectBackend } from '@facehash/keras-models';
import * as tf from '@tensorflow/tfjs-core';
import { checkEngine } from '../check-engine.js';
import type { EmbeddingEngine } from '../engine.js';
import { EMBEDDING_SIZE, FACE_PIXELS } from '../network.js';
import { shippedNetwork } from '../shipped-network.js';
import { createTfjsEngine } from './tfjs-engine.js';

let engine: EmbeddingEngine;

beforeAll(async () => {
  await selectBackend('wasm');
  engine = createTfjsEngine(await shippedNetwork());
});
afterAll(() => {
  engine.close();
});

const face = (seed: number) => Uint8Array.from({ length: FACE_PIXELS }, (_, at) => (at * (seed + 3)) % 251);

describe('the TensorFlow.js engine', () => {
  it('computes what the original network does', async () => {
    expect(await checkEngine(engine)).toBeGreaterThan(0.9999);
  });

  it('gives a face the same embedding alone and among more than fit into a batch', async () => {
    const faces = Array.from({ length: 10 }, (_, seed) => face(seed));
    const together = await engine.embed(Buffer.concat(faces));
    const last = await engine.embed(faces[9]!);
    expect(together).toHaveLength(10 * EMBEDDING_SIZE);
    last.forEach((value, at) => {
      expect(together[9 * EMBEDDING_SIZE + at]).toBeCloseTo(value, 3);
    });
  });

  it('answers calls that overlap, and one for no face', async () => {
    const [a, none, b] = await Promise.all([
      engine.embed(face(1)),
      engine.embed(new Uint8Array()),
      engine.embed(face(2)),
    ]);
    expect(none).toHaveLength(0);
    expect(a).not.toEqual(b);
  });

  it('leaves no tensor behind', async () => {
    await engine.embed(face(1));
    const before = tf.memory().numTensors;
    await engine.embed(face(2));
    expect(tf.memory().numTensors).toBe(before);
    const another = createTfjsEngine(await shippedNetwork());
    another.close();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('checkEngine', () => {
  it('refuses an engine that computes something else, or the same at another scale', async () => {
    const wrong: EmbeddingEngine = {
      ...engine,
      embed: async (faces) => (await engine.embed(faces)).reverse(),
    };
    const scaled: EmbeddingEngine = {
      ...engine,
      embed: async (faces) => (await engine.embed(faces)).map((value) => value / 2),
    };
    const refusal = expect.objectContaining({ code: 'UNAVAILABLE' });
    await expect(checkEngine(wrong)).rejects.toEqual(refusal);
    await expect(checkEngine(scaled)).rejects.toEqual(refusal);
  });
});
