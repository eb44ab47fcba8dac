import type { PairLlr } from '@facehash/keras-models';

/** Scores of all pairs of photos: of one person, of two people. */
export interface PairScores {
  readonly genuine: readonly number[];
  readonly impostor: readonly number[];
}

/** @param people their photos as the background projects them */
export function scorePairs(people: readonly (readonly Float32Array[])[], score: PairLlr): PairScores {
  const photos = people.flatMap((own, person) => own.map((t) => ({ person, t })));
  const genuine: number[] = [];
  const impostor: number[] = [];
  photos.forEach((one, at) => {
    for (const other of photos.slice(at + 1)) {
      (one.person === other.person ? genuine : impostor).push(score(one.t, other.t));
    }
  });
  return { genuine, impostor };
}

/** Share of the scores at or above the threshold. */
export function share(scores: readonly number[], threshold: number): number {
  return scores.filter((score) => score >= threshold).length / scores.length;
}

/** The lowest threshold that at most this share of the scores reaches. */
export function thresholdAt(scores: readonly number[], rate: number): number {
  const falling = scores.toSorted((a, b) => b - a);
  return falling[Math.floor(rate * falling.length)]! + 1e-9;
}

/** Where as many genuine pairs are refused as others are taken for genuine. */
export function equalErrorRate({ genuine, impostor }: PairScores): number {
  let [low, high] = [Math.min(...genuine), Math.max(...genuine)];
  for (let step = 0; step < 50; step++) {
    const threshold = (low + high) / 2;
    if (share(impostor, threshold) > 1 - share(genuine, threshold)) low = threshold;
    else high = threshold;
  }
  return share(impostor, high);
}
