import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, readFile, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Readable } from 'node:stream';
import { AppError } from '@facehash/contracts';
import { attempt, codeOf, missing, unavailable } from '../failures.js';
import { assertObjectKey, assertPrefix } from '../object-key.js';
import type { ListedObject, ListOptions, ObjectStorage, StoredObject } from '../object-storage.js';
import { holdErrors, measure, receive } from './receive.js';

/** Inside the root, so that a rename out of it stays within one filesystem; its name is no valid key. */
const INCOMING = '.incoming';
/** Of a file that grows no more; an upload that is silent for this long has lost its connection long ago. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;
/** A delete may prune the folder an object is about to be moved into; losing that race this often does not happen. */
const MOVE_ATTEMPTS = 10;

/**
 * Objects as files below a folder, several processes at once. Bytes are written to a file of their own, flushed
 * (fdatasync, about half a millisecond on an SSD), then renamed over the target: after a power failure the last
 * writes may be missing, since folders are not flushed, but no object is half.
 */
export async function openFilesystemStorage(folder: string): Promise<ObjectStorage> {
  const root = resolve(folder);
  const incoming = join(root, INCOMING);
  await attempt(mkdir(incoming, { recursive: true }));
  await attempt(removeUnfinished(incoming, ABANDONED_MS));
  const description = pathToFileURL(root).href;

  const pathOf = (key: string): string => {
    assertObjectKey(key);
    return join(root, key);
  };

  const write = async (
    path: string,
    body: Uint8Array | Readable,
    maxBytes: number,
  ): Promise<StoredObject> => {
    const file = await attempt(open(path, 'wx', 0o600));
    try {
      if (body instanceof Readable) {
        const stored = await receive(body, file, maxBytes);
        await attempt(file.datasync());
        return stored;
      }
      const stored = measure(body, maxBytes);
      await attempt(file.writeFile(body));
      await attempt(file.datasync());
      return stored;
    } finally {
      await file.close();
    }
  };

  const find = async (key: string): Promise<Buffer | undefined> => {
    try {
      return await readFile(pathOf(key));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw unavailable(error);
    }
  };

  const deleteObject = async (key: string): Promise<void> => {
    const path = pathOf(key);
    await attempt(rm(path, { force: true }));
    await attempt(pruneEmptyFolders(dirname(path), root));
  };

  async function* list(prefix: string, { after = '' }: ListOptions = {}): AsyncIterable<string> {
    assertPrefix(prefix);
    yield* keysBelow(root, prefix, after);
  }

  async function* listWithTimes(prefix: string): AsyncIterable<ListedObject> {
    for await (const key of list(prefix)) {
      const found = await stat(pathOf(key)).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw unavailable(error);
      });
      if (found !== undefined) yield { key, writtenAt: found.mtime };
    }
  }

  return {
    description,
    find,
    list,
    listWithTimes,
    delete: deleteObject,
    deleteUnfinished: (olderThanMs) => attempt(removeUnfinished(incoming, olderThanMs)),

    async put(key, body, { maxBytes = Infinity } = {}) {
      holdErrors(body);
      const target = pathOf(key);
      const temporary = join(incoming, randomUUID());
      try {
        const stored = await write(temporary, body, maxBytes);
        await attempt(moveTo(temporary, target));
        return stored;
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },

    async get(key) {
      const found = await find(key);
      if (found === undefined) throw missing(key);
      return found;
    },

    async deletePrefix(prefix) {
      let deleted = 0;
      for await (const key of list(prefix)) {
        await deleteObject(key);
        deleted++;
      }
      return deleted;
    },

    async check() {
      // Not the root: an unmounted volume leaves its empty mount point behind, but not this folder.
      await access(incoming, constants.R_OK | constants.W_OK | constants.X_OK).catch((cause: unknown) => {
        const reason = `${description} is missing or not writable (${codeOf(cause) ?? 'unknown reason'})`;
        throw new AppError('UNAVAILABLE', `The storage folder ${reason}.`, { cause });
      });
    },

    close: () => Promise.resolve(),
  };
}

/** ENOTDIR: a segment of the key is a file, so nothing lies below it. */
const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');

async function moveTo(temporary: string, target: string): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    try {
      await mkdir(dirname(target), { recursive: true });
      await rename(temporary, target);
      return;
    } catch (error) {
      // A deletion may have taken the folder away in between; Node's mkdir calls that ENOTDIR when it happens under its hands.
      if (!isMissing(error) || attempts === MOVE_ATTEMPTS) throw error;
    }
  }
}

async function pruneEmptyFolders(folder: string, root: string): Promise<void> {
  for (let at = folder; at !== root; at = dirname(at)) {
    try {
      await rmdir(at);
    } catch (error) {
      if (isMissing(error)) continue;
      if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return;
      throw error;
    }
  }
}

/**
 * Neither hidden entries nor symbolic links are objects: a link could lead out of the root. A folder is sorted by its name with
 * the `/` that its keys have there, and only looked into where some of them follow `after`.
 */
async function* keysBelow(root: string, folder: string, after: string): AsyncIterable<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw unavailable(error);
  });
  const found = entries
    .filter((entry) => !entry.name.startsWith('.') && (entry.isFile() || entry.isDirectory()))
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
    .filter((path) => path > after || (path.endsWith('/') && after.startsWith(path)))
    .sort();
  for (const path of found) {
    if (path.endsWith('/')) yield* keysBelow(root, path, after);
    else yield path;
  }
}

/** What a crashed process was receiving. Photos of people must not stay for ever. */
async function removeUnfinished(incoming: string, olderThanMs: number): Promise<number> {
  let removed = 0;
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || Date.now() - found.mtimeMs < olderThanMs) continue;
    await rm(path, { force: true });
    removed++;
  }
  return removed;
}
