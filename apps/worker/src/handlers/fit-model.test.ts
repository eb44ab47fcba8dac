import { newId, type FitMethod, type ModelCard } from '@facehash/contracts';
import { selectBackend, statisticsOf, type SubjectRows } from '@facehash/keras-models';
import { apiKeys } from '@facehash/storage';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { shippedBackgrounds, type Backgrounds } from '../backgrounds.js';
import { useStorage } from '../testing/use-storage.js';
import { fitModel } from './fit-model.js';

const PHOTOS = 4;

const storage = useStorage({ per: 'file' });
let backgrounds: Backgrounds;

beforeAll(async () => {
  await selectBackend('wasm');
  backgrounds = await shippedBackgrounds();
});

/** Pseudo-random, the same every time. */
const noise = (seed: number): number => {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
};

function person(seed: number, rank: number): SubjectRows & { readonly photoIds: string[] } {
  const rows = Float32Array.from(
    { length: PHOTOS * rank },
    (_, at) => 2 * noise(seed * 1000 + (at % rank)) + 0.5 * noise(seed * 7777 + at),
  );
  const photoIds = Array.from({ length: PHOTOS }, (_, photo) => `pho_${seed}_${photo}`);
  return { id: `sub_${seed}`, rows, count: PHOTOS, photoIds };
}

async function cardOf(fit: FitMethod | undefined, people: number): Promise<Omit<ModelCard, 'checksums'>> {
  const { key } = await apiKeys(storage).create({ name: 'test', now: new Date(), ...(fit && { fit }) });
  const rowsOf = (rank: number) => Array.from({ length: people }, (_, seed) => person(seed + 1, rank));
  const read = { ratios: rowsOf(backgrounds.ratios.rank), embedding: rowsOf(backgrounds.embedding.rank) };
  const statistics = {
    ratios: statisticsOf(backgrounds.ratios, read.ratios),
    embedding: statisticsOf(backgrounds.embedding, read.embedding),
  };
  const named = read.ratios.map(({ id }) => ({ id, label: id, createdAt: '2026-11-24T10:00:00.000Z' }));
  const request = { keyId: key.id, jobId: newId('job'), before: undefined, now: new Date() };
  return (await fitModel({ storage, backgrounds }, { statistics, tables: {}, read }, named, request)).card;
}

describe('The fit of a model', () => {
  it('is the closed form unless the key asks for more', async () => {
    expect((await cardOf(undefined, 3)).refinement).toBeUndefined();
  });

  it('says what came of a few epochs more, where the key asks for them', async () => {
    const { refinement, calibration } = await cardOf('refined', 4);
    expect(refinement).toEqual({
      taken: true,
      reason: expect.stringMatching(/closed form 1\.000, refined 1\.000/),
    });
    expect(calibration).toBe('calibrated');
  });

  it('says why none were taken of a key that nothing can be held out of', async () => {
    const { refinement } = await cardOf('refined', 2);
    expect(refinement).toEqual({ taken: false, reason: expect.stringContaining('fewer than 3 people') });
  });
});
