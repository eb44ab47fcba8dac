export type { Network } from './network.js';
export { toNpy } from './npy.js';
export { MODEL_FILE_HEAD_BYTES, modelFileType, readModelFile } from './read-model-file.js';
export { readTfjsModel, writeTfjs, type TfjsFiles } from './tfjs-files.js';
export { writeModelFile } from './write-model-file.js';
