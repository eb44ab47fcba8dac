import { describe, expect, it } from '@jest/globals';
import { statisticsOf, type SubjectRows } from '@facehash/keras-models';
import { shippedBackgrounds } from '../backgrounds.js';
import { better, fitChosen } from './choose-features.js';

describe('the choice of a feature set', () => {
  it('falls on ratios where they are as good as, or hardly behind, the embedding', () => {
    expect(better(0.97, 0.97, undefined)).toBe('ratios');
    expect(better(0.96, 0.979, undefined)).toBe('ratios');
    expect(better(0.95, 0.98, undefined)).toBe('embedding');
  });

  it('stays where it is when the difference is small', () => {
    expect(better(0.95, 0.975, 'ratios')).toBe('ratios');
    expect(better(0.95, 0.975, 'embedding')).toBe('embedding');
    expect(better(0.965, 0.98, 'ratios')).toBe('ratios');
    expect(better(0.965, 0.98, 'embedding')).toBe('embedding');
  });

  it('falls on the embedding where nothing is known', () => {
    expect(better(null, 1, 'ratios')).toBe('embedding');
    expect(better(1, null, 'ratios')).toBe('embedding');
  });
});

/** People whose photos lie `spread` apart around points `apart` from each other. */
function people(count: number, rank: number, spread: number, apart: number): SubjectRows[] {
  return Array.from({ length: count }, (_, person) => {
    const rows = Float32Array.from(
      { length: 6 * rank },
      (__, at) =>
        apart * Math.sin(1 + person * 13 + (at % rank) * (person + 3)) +
        spread * Math.sin(at * at + 7 * person),
    );
    return { id: `sub_${person}`, rows, count: 6 };
  });
}

describe('fitting what was chosen', () => {
  it('takes what the key asks for, and says that it does', async () => {
    const backgrounds = await shippedBackgrounds();
    const statistics = {
      ratios: statisticsOf(backgrounds.ratios, people(4, backgrounds.ratios.rank, 1, 30)),
      embedding: statisticsOf(backgrounds.embedding, people(4, backgrounds.embedding.rank, 1, 0)),
    };
    const options = { before: undefined };
    const asked = await fitChosen(statistics, backgrounds, { ...options, wanted: 'embedding' });
    expect(asked).toMatchObject({ features: 'embedding', reason: 'the key asks for it' });
    const chosen = await fitChosen(statistics, backgrounds, { ...options, wanted: 'auto' });
    expect(chosen.features).toBe('ratios');
    expect(chosen.reason).toMatch(/ratios 1\.000, embedding 0\.\d{3}/);
  });

  it('takes the embedding for two people, who cannot be held out', async () => {
    const backgrounds = await shippedBackgrounds();
    const statistics = {
      ratios: statisticsOf(backgrounds.ratios, people(2, backgrounds.ratios.rank, 1, 30)),
      embedding: statisticsOf(backgrounds.embedding, people(2, backgrounds.embedding.rank, 1, 1)),
    };
    const chosen = await fitChosen(statistics, backgrounds, { wanted: 'auto', before: 'ratios' });
    expect(chosen).toMatchObject({ features: 'embedding', reason: expect.stringContaining('fewer than 3') });
  });

  it('compares again only when photos have been added', async () => {
    const backgrounds = await shippedBackgrounds();
    const statistics = {
      ratios: statisticsOf(backgrounds.ratios, people(10, backgrounds.ratios.rank, 1, 30)),
      embedding: statisticsOf(backgrounds.embedding, people(10, backgrounds.embedding.rank, 1, 0)),
    };
    const compared = { photos: 60, features: 'embedding', reason: 'found before' } as const;
    const options = { wanted: 'auto', before: 'embedding' } as const;
    const kept = await fitChosen(statistics, backgrounds, { ...options, compared });
    expect(kept).toMatchObject({ features: 'embedding', reason: 'found before', comparison: compared });
    const again = await fitChosen(statistics, backgrounds, {
      ...options,
      compared: { ...compared, photos: 58 },
    });
    expect(again).toMatchObject({ features: 'ratios', comparison: { photos: 60, features: 'ratios' } });
    expect(again.reason).toBe(again.comparison!.reason);
    const asked = await fitChosen(statistics, backgrounds, { ...options, wanted: 'ratios', compared });
    expect(asked.features).toBe('ratios');
    expect(asked.comparison).toBeUndefined();
  });
});
