import { createWriteStream } from 'node:fs';
import { lstat, rename, rm } from 'node:fs/promises';

/**
 * Has a file written that is there whole or not at all: under another name, for its owner only, flushed, then renamed.
 * @throws Error when something of this name is there; what `write` throws
 */
export async function writeWholeFile<T>(
  path: string,
  write: (to: NodeJS.WritableStream) => Promise<T>,
): Promise<T> {
  if ((await lstat(path).catch(() => undefined)) !== undefined)
    throw new Error(`${path} is there already, and nothing is overwritten; choose another name.`);
  const draft = `${path}.unfinished`;
  try {
    // A killed one's leftover is overwritten; a backup that a power failure takes back is none.
    const done = await write(createWriteStream(draft, { mode: 0o600, flush: true }));
    await rename(draft, path);
    return done;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
