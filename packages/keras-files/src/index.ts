export { writeH5 } from './h5-file.js';
export { writeKeras } from './keras-file.js';
export type { Network } from './network.js';
export { MODEL_FILE_HEAD_BYTES, modelFileType, readModelFile } from './read-model-file.js';
export { readTfjs, readTfjsModel, writeTfjs, type TfjsFiles, type TfjsModel } from './tfjs-files.js';
export { writeZip } from './zip.js';
