import { AppError, TARGET_FPIR, type ThresholdName } from '@facehash/contracts';
import type { Background } from '../background/background.js';
import { toFeatures } from '../background/to-features.js';
import { quantile } from '../quantile.js';
import { drawStrangers } from '../strangers.js';
import type { KeyModel } from './load-key-model.js';

/** At a time: 64 × 2 278 features, and so that whatever else the process does gets its turn. */
const BATCH = 64;

/**
 * Tries a model that was not fitted here on 1 500 people who never were.
 * @returns the scores that 1 % and 5 % of them reach for the label they resemble most
 * @throws AppError MODEL_UNSUPPORTED when an answer is no number, or when all of them are answered alike
 */
export async function probeKeyModel(
  model: KeyModel,
  background: Background,
): Promise<Record<ThresholdName, number>> {
  const strangers = drawStrangers(background, 1);
  const best = new Float64Array(strangers.length);
  for (let from = 0; from < strangers.length; from += BATCH) {
    const batch = strangers.slice(from, from + BATCH);
    const features = toFeatures(background, Float32Array.from(batch.flatMap((t) => [...t])));
    const scores = await model.score(features);
    if (!scores.every(Number.isFinite)) throw refused('it answers with NaN or infinity');
    batch.forEach((_, at) => {
      best[from + at] = Math.max(...scores.subarray(at * model.labels, (at + 1) * model.labels));
    });
  }
  if (best.every((score) => score === best[0])) throw refused('it gives every face the same answer');
  return {
    strict: quantile(best, 1 - TARGET_FPIR.strict),
    balanced: quantile(best, 1 - TARGET_FPIR.balanced),
  };
}

function refused(reason: string): AppError {
  return new AppError('MODEL_UNSUPPORTED', `The model was tried on drawn faces and ${reason}.`);
}
