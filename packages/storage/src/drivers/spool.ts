import { randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A temporary file without a name: the system frees its space when it is closed, even if the process is killed, so
 * no photo stays behind.
 */
export async function openSpool(): Promise<FileHandle> {
  const path = join(tmpdir(), `facehash-spool-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}
