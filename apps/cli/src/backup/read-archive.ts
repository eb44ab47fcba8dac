import { createHash } from 'node:crypto';
import { isLasting, type KeptObject } from '@facehash/storage';
import type { z } from 'zod';
import {
  END_NAME,
  endSchema,
  FORMAT_VERSION,
  HEADER_NAME,
  headerSchema,
  MANIFEST_LIMITS,
  manifestName,
  OBJECTS_FOLDER,
  versionSchema,
  type ArchiveFigures,
  type ArchiveHeader,
} from './archive-format.js';
import { openArchive, type ArchiveEntry } from './open-archive.js';

export interface ReadArchive extends ArchiveFigures {
  readonly header: ArchiveHeader;
}

/** More than any manifest, header or end of ours has. */
const MAX_DOCUMENT_BYTES = 2 ** 20;

/**
 * The objects of an archive, in its order, each after its SHA-256 was compared; what is returned at the end says that
 * nothing is missing. One object is in memory at a time.
 * @param onRead bytes of the file that were read so far, and how many it has
 * @throws Error of one line where it is no backup, of a newer format, damaged or cut off
 */
export async function* readArchive(
  path: string,
  onRead: (bytes: number, total: number) => void = () => undefined,
): AsyncGenerator<KeptObject, ReadArchive> {
  const damaged = (how: string): Error =>
    new Error(
      `${path} is damaged or was cut off: ${how}. Nothing of it can be relied on; take another backup.`,
    );
  const entries = await openArchive(path, onRead, damaged);
  try {
    const header = await headerOf(path, entries);
    const chain = createHash('sha256');
    const total = { objects: 0, bytes: 0 };
    let manifests = 0;
    let expected: string[] = [];

    for (;;) {
      const { value: entry } = await entries.next();
      if (entry === undefined) throw damaged('its end is missing');
      const { name } = entry;
      if (expected.length > 0) {
        const line = expected.shift()!;
        const object = await objectOf(entry, damaged);
        if (line !== `${sha256(object.bytes)}  ${name}`)
          throw damaged(`${name} is not what was written there`);
        total.objects += 1;
        total.bytes += object.bytes.length;
        yield object;
      } else if (name === manifestName(manifests + 1)) {
        const manifest = await documentOf(entry, damaged);
        manifests += 1;
        chain.update(manifest);
        expected = manifest.toString().split('\n').slice(0, -1);
      } else if (name === END_NAME) {
        const end = parsed(endSchema, await documentOf(entry, damaged));
        const isAll =
          end?.manifests_sha256 === chain.digest('hex') &&
          end.objects === total.objects &&
          end.bytes === total.bytes;
        if (!isAll) throw damaged('it does not hold what its end says');
        if ((await entries.next()).done !== true) throw damaged('something follows its end');
        return { header, ...total };
      } else throw damaged(`${JSON.stringify(name)} does not belong there`);
    }
  } finally {
    await entries.return(undefined);
  }
}

async function headerOf(
  path: string,
  entries: AsyncGenerator<ArchiveEntry, undefined>,
): Promise<ArchiveHeader> {
  const none = new Error(`${path} is no backup that facehash made.`);
  const entry = await entries.next().then(
    ({ value }) => value,
    () => undefined,
  );
  if (entry?.name !== HEADER_NAME || entry.size > MAX_DOCUMENT_BYTES) throw none;
  const bytes = await entry.read();
  const version = parsed(versionSchema, bytes)?.version;
  if (version === undefined) throw none;
  if (version > FORMAT_VERSION) {
    throw new Error(
      `${path} has format ${version}, and this facehash reads up to ${FORMAT_VERSION}: use the release that made it, or a newer one.`,
    );
  }
  const header = parsed(headerSchema, bytes);
  if (header === undefined) throw none;
  return header;
}

/** Its name is a key that a backup may hold, whatever the manifest says: an archive may be made by anybody. */
async function objectOf(entry: ArchiveEntry, damaged: (how: string) => Error): Promise<KeptObject> {
  const key = entry.name.slice(OBJECTS_FOLDER.length);
  if (!entry.name.startsWith(OBJECTS_FOLDER) || !isLasting(key) || entry.size > MANIFEST_LIMITS.objectBytes)
    throw damaged(`${JSON.stringify(entry.name)} does not belong there`);
  return { key, bytes: await entry.read() };
}

async function documentOf(entry: ArchiveEntry, damaged: (how: string) => Error): Promise<Buffer> {
  if (entry.size > MAX_DOCUMENT_BYTES) throw damaged(`${JSON.stringify(entry.name)} is too large`);
  return entry.read();
}

function parsed<T>(schema: z.ZodType<T>, bytes: Buffer): T | undefined {
  try {
    return schema.safeParse(JSON.parse(bytes.toString())).data;
  } catch {
    return undefined;
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
