import type { JobHandlers } from '@facehash/jobs';
import { detectHandler } from './detect.js';
import { enrolHandler } from './enrol.js';
import { eraseHandler, type EraseDependencies } from './erase.js';
import { extractHandler, type ExtractDependencies } from './extract.js';
import { importHandler, type ImportDependencies } from './import.js';
import { recognizeHandler, type RecognizeDependencies } from './recognize.js';
import { trainHandler, type TrainDependencies } from './train.js';
import { verifyHandler, type VerifyDependencies } from './verify.js';

/** A handler per job of the catalogue; one that is missing does not compile. */
export function createHandlers(
  dependencies: RecognizeDependencies &
    VerifyDependencies &
    ExtractDependencies &
    TrainDependencies &
    EraseDependencies &
    ImportDependencies,
) {
  return {
    recognize: recognizeHandler(dependencies),
    detect: detectHandler(dependencies),
    verify: verifyHandler(dependencies),
    extract: extractHandler(dependencies),
    train: trainHandler(dependencies),
    enrol: enrolHandler(dependencies),
    erase: eraseHandler(dependencies),
    import: importHandler(dependencies),
  } satisfies JobHandlers;
}
