import type { JobHandlers } from '@facehash/jobs';
import { eraseHandler, type EraseDependencies } from './erase.js';
import { extractHandler, type ExtractDependencies } from './extract.js';
import { recognizeHandler, type RecognizeDependencies } from './recognize.js';
import { trainHandler, type TrainDependencies } from './train.js';

/** A handler per job of the catalogue; one that is missing does not compile. */
export function createHandlers(
  dependencies: RecognizeDependencies & ExtractDependencies & TrainDependencies & EraseDependencies,
) {
  return {
    recognize: recognizeHandler(dependencies),
    extract: extractHandler(dependencies),
    train: trainHandler(dependencies),
    erase: eraseHandler(dependencies),
  } satisfies JobHandlers;
}
