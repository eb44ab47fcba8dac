export type { CurvePoint, Histogram } from './curves.js';
export { rocCurve } from './curves.js';
export { closedDraw, closedDraws, FIXED_HALVES, openDraws, takes, type Draw, type Takes } from './draws.js';
export {
  evaluate,
  type ChooseFeatures,
  type Protocol,
  type ProtocolReport,
  type SetReport,
} from './evaluate.js';
export { figuresOf, type Figures, type Rates } from './figures.js';
export { meanSd, type MeanSd } from './metrics.js';
export { equalErrorRate, scorePairs, share, thresholdAt, type PairScores } from './pairs.js';
export type { Fit } from './enrolment.js';
export type { Fate, MeasuredPerson, MeasuredPhoto, MeasuredProbe } from './photo.js';
export { shuffled } from './shuffled.js';
export { drawDet, drawRoc, drawRules, drawScores } from './plot/draw-report.js';
export { writePlot } from './plot/write-plot.js';
export {
  confusionTable,
  decimals,
  lossTable,
  markdown,
  openSetTable,
  rank1Table,
  rulesTable,
  type Table,
} from './tables.js';
export { runTrial, type Probe, type Trial } from './run-trial.js';
