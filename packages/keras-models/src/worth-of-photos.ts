import type { Classifier } from './fit/classifier.js';

/**
 * What a person of `photos` photos may expect as the score of the next one, on average over people: the information, in nats,
 * that those photos hold about it, ½ Σ ln((1 + b) / v). It rises steeply at first and then hardly at all, so it tells what more
 * photos would bring.
 */
export function expectedScore({ between }: Pick<Classifier, 'between'>, photos: number): number {
  return between.reduce((sum, b) => sum + Math.log((1 + b) / (1 + b / (1 + photos * b))) / 2, 0);
}
