export type { Box } from './box.js';
export { DlibError, type DlibErrorCode } from './dlib-error.js';
export { flattenLandmarkModel } from './flatten-landmark-model.js';
export type { GreyImage } from './grey-image.js';
export { type LandmarkPredictor, openLandmarkPredictor } from './landmark-predictor.js';
