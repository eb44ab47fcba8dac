import { describe, expect, it } from '@jest/globals';
import { fitKeyModel, statisticsOf } from './fit/fit-key-model.js';
import { photoAgreement } from './photo-agreement.js';
import { drawPeople, syntheticBackground } from './synthetic-people.js';
import { expectedScore } from './worth-of-photos.js';

describe('expectedScore', () => {
  it('is what photos score on average, by so many others', async () => {
    const background = syntheticBackground({ size: 30, rank: 20, seed: 1, separation: 2 });
    const people = drawPeople(background, 60, 6, 3);
    const { classifier } = await fitKeyModel(background, people);
    const statistics = statisticsOf(background, people);
    const scores = photoAgreement(classifier, statistics, statistics.sample).map(({ own }) => own!);
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    expect(Math.abs(mean / expectedScore(classifier, 5) - 1)).toBeLessThan(0.1);
  });

  it('rises with every photo, and by less each time', () => {
    const classifier = { between: Float64Array.from([4, 2, 0.5, 0]) };
    const scores = [1, 2, 3, 4, 5].map((photos) => expectedScore(classifier, photos));
    const gains = scores.slice(1).map((score, at) => score - scores[at]!);
    expect(gains).toEqual(gains.toSorted((a, b) => b - a));
    expect(gains.at(-1)).toBeGreaterThan(0);
  });
});
