import type { ArchiveFigures } from './archive-format.js';

/** Such as `3 key(s), 1204 objects, 96.3 MB`. */
export const figuresText = ({ objects, bytes }: ArchiveFigures, keys: number): string =>
  `${keys} key(s), ${objects} objects, ${(bytes / 1e6).toFixed(1)} MB`;
