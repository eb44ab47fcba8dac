export { openStorage } from './open-storage.js';
export type { ObjectStorage, PutOptions, StoredObject } from './object-storage.js';
