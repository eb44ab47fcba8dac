/**
 * Stored with every landmark and checked before two are compared. Raise it whenever the same photo would give other
 * landmarks: another search, another patch, another model.
 */
export const EXTRACTOR_VERSION = 'haar-alt2+dlib68/1';
