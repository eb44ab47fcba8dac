import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';

/** A photo on disk as the client takes it; it is read when it is sent, and again when it is sent again. */
export async function photoFile(path: string): Promise<File> {
  return new File([await openAsBlob(path)], basename(path));
}
