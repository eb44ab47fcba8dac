import { drawGroup, drawPerson, drawPortrait, drawScene } from '@facehash/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import type { AnalyzeOptions } from '../analyze.js';
import { createFaceAnalyzer, type FaceAnalyzer } from '../create-face-analyzer.js';
import { overlap } from './gated-search.js';

const repository = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

let analyzer: FaceAnalyzer;

beforeAll(async () => {
  analyzer = await createFaceAnalyzer({
    cascadesDir: repository('haarcascades'),
    landmarkModelPath: repository('.facehash/models/landmarks-68.flat'),
    slots: 2,
    maxPixels: 50_000_000,
  });
});
afterAll(() => {
  analyzer.close();
});

const embeddings = async (photo: Uint8Array, options: Partial<AnalyzeOptions> = {}) => {
  const asked = { profile: 'balanced', maxFaces: 1, features: ['embedding'], ...options } as const;
  const { faces } = await analyzer.analyze(photo, asked);
  return faces.map(({ embedding }) => embedding!);
};

const cosine = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0) / Math.hypot(...a) / Math.hypot(...b);

describe('a search that the embedding judges', () => {
  it('gives two photos of a person more alike embeddings than photos of two people', async () => {
    const [[ada], [adaAgain], [ben]] = await Promise.all([
      embeddings(await drawPortrait(drawPerson(1), 1)),
      embeddings(await drawPortrait(drawPerson(1), 2)),
      embeddings(await drawPortrait(drawPerson(2), 1)),
    ]);
    expect(ada).toHaveLength(128);
    expect(cosine(ada!, adaAgain!)).toBeGreaterThan(cosine(ada!, ben!) + 0.1);
  });

  it('finds the same face with every profile', async () => {
    const photo = await drawPortrait(drawPerson(3), 1);
    const [thorough] = await embeddings(photo, { profile: 'thorough' });
    for (const profile of ['fast', 'balanced'] as const) {
      expect(cosine((await embeddings(photo, { profile }))[0]!, thorough!)).toBeGreaterThan(0.8);
    }
  });

  it('gives ratios the landmarks they need where both are asked for', async () => {
    const photo = await drawPortrait(drawPerson(4), 1);
    const both = await analyzer.analyze(photo, {
      profile: 'thorough',
      maxFaces: 1,
      features: ['ratios', 'embedding'],
    });
    const one = await analyzer.analyze(photo, { profile: 'thorough', maxFaces: 1, features: ['embedding'] });
    expect(both.faces[0]!.embedding).toEqual(one.faces[0]!.embedding);
    expect(both.faces[0]!.landmarks).not.toEqual(one.faces[0]!.landmarks);
    expect(both.timings).toHaveProperty('landmarks');
  });

  it('finds everybody in a group once, largest first, and no more than asked for', async () => {
    const photo = await drawGroup([drawPerson(1), drawPerson(2), drawPerson(3)], 1);
    const { faces, boxes } = await analyzer.analyze(photo, {
      profile: 'balanced',
      maxFaces: 8,
      features: ['embedding'],
    });
    expect(faces).toHaveLength(3);
    expect(boxes).toHaveLength(3);
    const widths = faces.map(({ box }) => box.width);
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
    expect(await embeddings(photo, { maxFaces: 2 })).toHaveLength(2);
  });

  it('tells an enrolment of company, which a recognition does not look for', async () => {
    const photo = await drawGroup([drawPerson(1), drawPerson(2)], 1);
    const options = { maxFaces: 1, features: ['ratios', 'embedding'] } as const;
    expect((await analyzer.analyze(photo, { ...options, profile: 'thorough' })).boxes).toHaveLength(2);
    expect((await analyzer.analyze(photo, { ...options, profile: 'balanced' })).boxes).toHaveLength(1);
  });

  it('finds no face where there is none, whatever the cascades say', async () => {
    for (const seed of [1, 2, 3]) {
      expect(await embeddings(await drawScene(seed), { profile: 'thorough', maxFaces: 8 })).toHaveLength(0);
    }
  });
});

describe('overlap', () => {
  const square = (left: number, top: number) => ({ left, top, width: 10, height: 10 });

  it('is intersection over union', () => {
    expect(overlap(square(0, 0), square(0, 0))).toBe(1);
    expect(overlap(square(0, 0), square(5, 0))).toBeCloseTo(1 / 3);
    expect(overlap(square(0, 0), square(10, 0))).toBe(0);
    expect(overlap(square(0, 0), square(30, 30))).toBe(0);
  });
});
