import type { Background } from '@facehash/keras-models';
import { enrol, type Photo } from './enrolment.js';
import { fpir, meanSd, rank1, thresholdAtFpir, tpir, type MeanSd, type Probe } from './metrics.js';
import { seededRandom, shuffled } from './random.js';

const RANDOM_SPLITS = 10;
const LFW_ENROLLED = 20;
const LFW_ENROLMENT_PHOTOS = 5;

/** Which photos of a person are enrolled; the others are probes. */
type Split = (photos: number) => ReadonlySet<number>;

/** 40 people, 5 photos to enrol and 5 to name: first five, last five, odd and even, 10 random. */
export async function orl5(
  background: Background,
  people: readonly (readonly Photo[])[],
): Promise<{ rank1: MeanSd }> {
  const fixed: Split[] = [() => range(0, 5), () => range(5, 10), () => new Set([0, 2, 4, 6, 8])];
  const splits = [...fixed, ...randomSplits(5)];
  return { rank1: meanSd(await closedSet(background, people, splits)) };
}

/** 40 people, one random photo to enrol, nine to name. */
export async function orl1(
  background: Background,
  people: readonly (readonly Photo[])[],
): Promise<{ rank1: MeanSd }> {
  return { rank1: meanSd(await closedSet(background, people, randomSplits(1))) };
}

export interface OpenSetFigures {
  readonly rank1: MeanSd;
  readonly tpirAtFpir1: MeanSd;
  readonly tpirAtFpir5: MeanSd;
  readonly atOwnThreshold: { readonly fpir: MeanSd; readonly tpir: MeanSd };
}

/** 20 people drawn from those given, 5 photos each to enrol; the rest of their photos and every other person are probes. */
export async function lfw20x5(
  background: Background,
  people: readonly (readonly Photo[])[],
): Promise<OpenSetFigures> {
  const trials: { readonly probes: readonly Probe[]; readonly threshold: number }[] = [];
  for (let seed = 0; seed < RANDOM_SPLITS; seed++) {
    const random = seededRandom(seed);
    const drawn = shuffled(people, random);
    const enrolled = drawn.slice(0, LFW_ENROLLED).map((photos) => shuffled(photos, random));
    const model = await enrol(
      background,
      enrolled.map((photos) => photos.slice(0, LFW_ENROLMENT_PHOTOS)),
    );
    const probes: Probe[] = [];
    for (const [truth, photos] of enrolled.entries()) {
      for (const answer of await model.answer(photos.slice(LFW_ENROLMENT_PHOTOS)))
        probes.push({ truth, answer });
    }
    for (const photos of drawn.slice(LFW_ENROLLED)) {
      for (const answer of await model.answer(photos)) probes.push({ truth: undefined, answer });
    }
    trials.push({ probes, threshold: model.threshold });
    model.dispose();
  }
  const over = (figure: (trial: (typeof trials)[number]) => number): MeanSd => meanSd(trials.map(figure));
  return {
    rank1: over(({ probes }) => rank1(probes)),
    tpirAtFpir1: over(({ probes }) => tpir(probes, thresholdAtFpir(probes, 0.01))),
    tpirAtFpir5: over(({ probes }) => tpir(probes, thresholdAtFpir(probes, 0.05))),
    atOwnThreshold: {
      fpir: over(({ probes, threshold }) => fpir(probes, threshold)),
      tpir: over(({ probes, threshold }) => tpir(probes, threshold)),
    },
  };
}

async function closedSet(
  background: Background,
  people: readonly (readonly Photo[])[],
  splits: readonly Split[],
): Promise<number[]> {
  const results: number[] = [];
  for (const split of splits) {
    const parts = people.map((photos) => {
      const chosen = split(photos.length);
      return {
        enrolled: photos.filter((_, at) => chosen.has(at)),
        probes: photos.filter((_, at) => !chosen.has(at)),
      };
    });
    const model = await enrol(
      background,
      parts.map((part) => part.enrolled),
    );
    const probes: Probe[] = [];
    for (const [truth, part] of parts.entries()) {
      for (const answer of await model.answer(part.probes)) probes.push({ truth, answer });
    }
    results.push(rank1(probes));
    model.dispose();
  }
  return results;
}

/** One generator a split, so that every person draws different photos. */
function randomSplits(enrolled: number): Split[] {
  return Array.from({ length: RANDOM_SPLITS }, (_, seed) => {
    const random = seededRandom(1000 + seed);
    return (photos: number) => new Set(shuffled([...range(0, photos)], random).slice(0, enrolled));
  });
}

function range(from: number, to: number): Set<number> {
  return new Set(Array.from({ length: to - from }, (_, at) => from + at));
}
