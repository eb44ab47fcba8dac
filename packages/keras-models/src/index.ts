export { selectBackend, type Backend, type WantedBackend } from './backend.js';
export type { Background } from './background/background.js';
export { parseBackground, serializeBackground } from './background/background-file.js';
export { estimateBackground, type EstimateOptions } from './background/estimate-background.js';
export { project } from './background/project.js';
export { shippedBackground } from './background/shipped-background.js';
export type { Classifier } from './fit/classifier.js';
export {
  fitFromStatistics,
  fitKeyModel,
  statisticsOf,
  type FitOptions,
  type FittedModel,
} from './fit/fit-key-model.js';
export { MAX_FOLDS, type KeyStatistics } from './fit/key-statistics.js';
export type { SubjectRows } from './fit/subject-rows.js';
export { parseStatistics, serializeStatistics } from './fit/statistics-file.js';
export { withRows } from './fit/with-rows.js';
export { pairLlr, type PairLlr } from './fit/pair-llr.js';
export type { Realised } from './held-out.js';
export { joinRows } from './join-rows.js';
export { buildKerasModel } from './keras/build-keras-model.js';
export { loadKeyModel, type KeyModel } from './keras/load-key-model.js';
export { probeKeyModel } from './keras/probe-key-model.js';
export { saveKeyModel, type KeyModelFiles } from './keras/save-key-model.js';
export { lookAlikes, type LookAlikes } from './look-alikes.js';
export { PAIR_THRESHOLD } from './pair-threshold.js';
export { photoAgreement, type PhotoAgreement } from './photo-agreement.js';
export { refineModel, type Refinement } from './refine/refine-model.js';
export { seededRandom } from './seeded-random.js';
export { TOO_CLOSE } from './too-close.js';
export { expectedScore } from './worth-of-photos.js';
