import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../backend.js';
import { fitFromStatistics, statisticsOf } from '../fit/fit-key-model.js';
import { everybody } from '../fit/key-statistics.js';
import type { SubjectRows } from '../fit/subject-rows.js';
import { buildKerasModel } from '../keras/build-keras-model.js';
import { loadKeyModel } from '../keras/load-key-model.js';
import { saveKeyModel } from '../keras/save-key-model.js';
import { drawPeople, syntheticBackground, toFeatures } from '../synthetic-people.js';
import { labelled } from './judge-refinement.js';
import { refineClassifier } from './refine-classifier.js';
import { refineModel, type Refinement } from './refine-model.js';

const background = syntheticBackground({ size: 30, rank: 20, seed: 1, separation: 0.6 });

async function refined(people: readonly SubjectRows[]): Promise<Refinement> {
  const statistics = statisticsOf(background, people);
  const closed = await fitFromStatistics(background, statistics);
  return refineModel(background, statistics, closed);
}

beforeAll(() => selectBackend('cpu'));

describe('refineModel', () => {
  const people = drawPeople(background, 6, 6, 3);

  it('gives the same numbers every time, changes what is multiplied with x alone, and leaves no tensor', async () => {
    const statistics = statisticsOf(background, people);
    const closed = await fitFromStatistics(background, statistics);
    const before = tf.memory().numTensors;
    const all = everybody(statistics);
    const learn = () => refineClassifier(closed.classifier, all, labelled(all, statistics.sample), 1);
    const [one, other] = [await learn(), await learn()];
    expect(tf.memory().numTensors).toBe(before);
    expect(one).toEqual(other);
    const { linear, bias, ...rest } = one;
    expect(closed.classifier).toMatchObject(rest);
    expect(linear).not.toEqual(closed.classifier.linear);
    expect(bias).not.toEqual(closed.classifier.bias);
  });

  it('is taken where it names no fewer photos that were held out, and says how many', async () => {
    const { taken, reason, fitted } = await refined(people);
    const [, closed, trained] = /closed form ([.\d]+), refined ([.\d]+)/.exec(reason)!;
    expect(taken).toBe(Number(trained) >= Number(closed));
    if (taken) expect(fitted.realised!.tpir!.toFixed(3)).toBe(trained);
    expect(fitted.realised!.fpir).toBeLessThanOrEqual(1 / 36);
    expect(fitted.balanced.threshold).toBeLessThanOrEqual(fitted.threshold);
  });

  it('stays the closed form where nothing can be held out', async () => {
    for (const few of [people.slice(0, 2), drawPeople(background, 8, 1, 4)]) {
      const { taken, reason, fitted } = await refined(few);
      expect(taken).toBe(false);
      expect(reason).toContain('nothing can be held out');
      expect(fitted.calibration).toBe('uncalibrated');
    }
  });

  it('becomes layers like any other model', async () => {
    const { fitted } = await refined(people);
    const keras = buildKerasModel(background, fitted);
    const model = await loadKeyModel(await saveKeyModel(keras));
    keras.dispose();
    const [face] = drawPeople(background, 1, 1, 5);
    const scores = await model.score(toFeatures(background, face!.rows));
    model.dispose();
    expect(scores).toHaveLength(6);
    expect(scores.every(Number.isFinite)).toBe(true);
  });
});
