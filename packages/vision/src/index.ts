export type { AnalyzeOptions, DetectedFace, ImageAnalysis } from './analyze.js';
export { createFaceAnalyzer, type FaceAnalyzer, type FaceAnalyzerOptions } from './create-face-analyzer.js';
export { EXTRACTOR_VERSION } from './extractor-version.js';
export { FEATURE_SETS, type FeatureSet, type FeatureSetName } from './feature-sets.js';
export { readImageHeader, type ImageHeader } from './image-file/image-header.js';
export { stripMetadata } from './image-file/strip-metadata.js';
export { DETECTION_PROFILES, type ProfileName } from './profiles.js';
export { eyeLine } from './stages/face-square.js';
export { ratioFeatures } from './stages/measure-ratios.js';
