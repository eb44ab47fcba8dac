/**
 * Stored with every landmark and embedding and checked before two are compared. Raise it whenever the same photo would give
 * others: another search, another patch, another model or other weights.
 */
export const EXTRACTOR_VERSION = 'haar-alt2+dlib68+sface/3';
