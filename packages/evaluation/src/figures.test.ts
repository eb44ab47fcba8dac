import { describe, expect, test } from '@jest/globals';
import type { FittedModel } from '@facehash/keras-models';
import { detCurve, scoreHistogram } from './curves.js';
import { figuresOf } from './figures.js';
import { judgeRules } from './fixed-rules.js';
import { thresholdAtFpir } from './metrics.js';
import type { Fate } from './photo.js';
import type { Probe, Trial } from './run-trial.js';

const probe = (truth: number | undefined, label: number, score: number, fate: Fate = 'placed'): Probe => {
  const best = { label, score };
  return { truth, fate, answer: { llr: best, product: best, softmax: best, cosine: best } };
};
const missed = (truth: number | undefined, fate: Fate): Probe => ({ truth, fate, answer: undefined });

/** Ten photos of two enrolled people, ten of strangers whose scores are 1 to 10; names are given from 8 on. */
const trial: Trial = {
  features: 'ratios',
  people: [7, 9],
  probes: [
    ...[9, 9, 9, 9].map((score) => probe(0, 0, score)),
    probe(0, 0, 5),
    probe(1, 0, 20),
    probe(1, 0, 9, 'misplaced'),
    missed(1, 'undetected'),
    missed(1, 'undecoded'),
    probe(1, 1, 8),
    ...Array.from({ length: 10 }, (_, at) => probe(undefined, 0, at + 1)),
  ],
  fitted: {} as FittedModel,
  thresholds: { strict: 8, balanced: 6 },
};

describe('figures', () => {
  const figures = figuresOf([trial]);

  test('a photo that names nobody is an error; every photo is lost in one place', () => {
    expect(figures.rank1).toEqual({ mean: 0.6, sd: 0 });
    expect(figures.loss).toEqual({
      ...{ decode: 0.1, detect: 0.1, landmarks: 0.1, classify: 0.1, threshold: 0.1, named: 0.5 },
    });
    expect(figures.found).toBe(0.9);
  });

  test("the product's thresholds are judged by strangers named and enrolled named rightly", () => {
    expect(figures.openSet?.strict.fpir.mean).toBe(0.3);
    expect(figures.openSet?.strict.tpir.mean).toBe(0.5);
    expect(figures.openSet?.balanced.fpir.mean).toBe(0.5);
  });

  test('confusions are counted by pairs, of all draws together', () => {
    const { confusions } = figuresOf([trial, { ...trial, people: [9, 7] }]);
    expect(confusions).toEqual({ probes: 20, errors: 4, pairs: 2, worstPair: 2 });
  });

  test('a protocol without strangers has no figures of strangers', () => {
    const mated = trial.probes.filter(({ truth }) => truth !== undefined);
    expect(figuresOf([{ ...trial, probes: mated }]).openSet).toBeUndefined();
  });

  test('fixed rules are judged on the same answers', () => {
    const [always, nine] = judgeRules(
      [trial],
      [
        { name: 'always', by: 'llr', threshold: -Infinity },
        { name: '9', by: 'cosine', threshold: 9 },
      ],
    );
    expect(always!.fpir.mean).toBe(1);
    expect(nine).toMatchObject({ fpir: { mean: 0.2 }, tpir: { mean: 0.4 } });
  });
});

describe('curves', () => {
  test('a threshold for a share of strangers lets through no more than that', () => {
    const threshold = thresholdAtFpir(trial.probes, 0.2);
    expect(threshold).toBeGreaterThan(8);
    expect(threshold).toBeLessThan(9);
  });

  test('the more strangers are named, the fewer enrolled are missed', () => {
    const curve = detCurve([trial]);
    expect(curve[0]!.x).toBeCloseTo(0.1);
    expect(curve.at(-1)).toEqual({ x: 1, y: 0.4 });
    expect(curve.map(({ y }) => y)).toEqual(curve.map(({ y }) => y).sort((a, b) => b - a));
  });

  test('score histograms hold all photos on which a face was found', () => {
    const { enrolled, strangers } = scoreHistogram([trial]);
    const sum = (shares: readonly number[]) => shares.reduce((total, share) => total + share, 0);
    expect(sum(enrolled)).toBeCloseTo(1, 2);
    expect(sum(strangers)).toBeCloseTo(1, 2);
  });
});
