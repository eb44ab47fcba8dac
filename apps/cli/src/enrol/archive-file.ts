/** A file inside an archive. Nothing of an archive is ever written to disk, so no name in it can lead anywhere. */
export interface ArchiveFile {
  /** As the archive says, with slashes. */
  readonly path: string;
  /** Bytes, unpacked. */
  readonly size: number;
  /** To be called before the next file is asked for, or not at all. */
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

/** An archive of photos has no more; a hostile one would go on for ever. */
export const ARCHIVE_LIMITS = {
  maxEntries: 100_000,
  /** Unpacked, the files that are passed over included. */
  maxBytes: 100 * 2 ** 30,
} as const;

export type ArchiveLimits = { readonly [limit in keyof typeof ARCHIVE_LIMITS]: number };

/** Counts what an archive holds. @throws Error when it is more than anybody's photos */
export function archiveGauge(path: string, { maxEntries, maxBytes }: ArchiveLimits): (size: number) => void {
  let entries = 0;
  let bytes = 0;
  return (size) => {
    entries += 1;
    bytes += size;
    if (entries > maxEntries) throw new Error(`${path} holds more than ${maxEntries} entries; split it.`);
    if (bytes > maxBytes) throw new Error(`${path} unpacks to more than ${maxBytes} bytes; split it.`);
  };
}
