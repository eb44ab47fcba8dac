import { z } from 'zod';

/*
 * A tar of regular files, gzipped or not, in this order:
 *   facehash-backup.json      the header below
 *   manifests/000001.sha256   what follows, as `sha256sum` writes it and `sha256sum -c` reads it: SHA-256, two spaces, name
 *   objects/…                 the objects it names, in its order, each under its key
 *   manifests/000002.sha256   and so on
 *   end.json                  how much there was, and the SHA-256 of all manifests one after the other
 * So everything is checked as it comes by, an archive that was cut off is told from a whole one wherever the cut is, and
 * neither writing nor reading holds more than the objects of one manifest.
 */

/** To be raised when an older `facehash` could not restore what is written from then on. */
export const FORMAT_VERSION = 1;

export const HEADER_NAME = 'facehash-backup.json';
export const END_NAME = 'end.json';
export const OBJECTS_FOLDER = 'objects/';
export const manifestName = (number: number): string => `manifests/${String(number).padStart(6, '0')}.sha256`;

/** Of a newer version, only this is sure to be understood. */
export const versionSchema = z.object({ format: z.literal('facehash-backup'), version: z.int().min(1) });

export const headerSchema = versionSchema.extend({
  /** When the backup began. */
  created_at: z.iso.datetime(),
  /** The only key in it; null = all of an installation. */
  key_id: z.string().nullable(),
});
export type ArchiveHeader = z.infer<typeof headerSchema>;

export const endSchema = z.object({
  objects: z.int(),
  bytes: z.int(),
  manifests_sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A manifest is closed when its objects have one of these; no installation has a larger object than the last. */
export const MANIFEST_LIMITS = { objects: 256, bytes: 16 * 2 ** 20, objectBytes: 2 ** 30 } as const;

/** How much is in an archive. */
export interface ArchiveFigures {
  readonly objects: number;
  /** Without the tar around them, unpacked. */
  readonly bytes: number;
}
