import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { KeptObject } from '@facehash/storage';
import { pack, type Pack } from 'tar-stream';
import {
  END_NAME,
  HEADER_NAME,
  MANIFEST_LIMITS,
  manifestName,
  OBJECTS_FOLDER,
  type ArchiveFigures,
  type ArchiveHeader,
} from './archive-format.js';

interface ArchiveOptions {
  readonly header: ArchiveHeader;
  readonly isGzipped: boolean;
  readonly signal: AbortSignal;
}

/**
 * Writes objects as archive-format.ts says, as fast as they are taken, and ends `to`.
 * @throws what the source of the objects or `to` throws, or the signal's reason
 */
export async function writeArchive(
  objects: AsyncIterable<KeptObject>,
  to: NodeJS.WritableStream,
  { header, isGzipped, signal }: ArchiveOptions,
): Promise<ArchiveFigures> {
  signal.throwIfAborted();
  const archive = pack();
  const writing = isGzipped
    ? pipeline(archive, createGzip(), to, { signal })
    : pipeline(archive, to, { signal });
  const filling = fill(archive, objects, header).catch((error: unknown) => {
    // Ends the pipeline with the same error, and nothing where that was the first to fail.
    archive.destroy(error as Error);
    throw error;
  });
  filling.catch(() => undefined);
  await writing.catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });
  return filling;
}

async function fill(
  archive: Pack,
  objects: AsyncIterable<KeptObject>,
  header: ArchiveHeader,
): Promise<ArchiveFigures> {
  const mtime = new Date(header.created_at);
  const add = (name: string, bytes: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      const entry = archive.entry({ name, mtime, mode: 0o600 }, bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
      // It says so twice, and what nobody listens to ends the process.
      entry.on('error', reject);
    });
  const chain = createHash('sha256');
  const total = { objects: 0, bytes: 0 };
  let manifests = 0;
  let batch: KeptObject[] = [];
  let batchBytes = 0;

  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const manifest = Buffer.from(batch.map(manifestLine).join(''));
    chain.update(manifest);
    await add(manifestName(++manifests), manifest);
    for (const { key, bytes } of batch) await add(OBJECTS_FOLDER + key, bytes);
    total.objects += batch.length;
    total.bytes += batchBytes;
    [batch, batchBytes] = [[], 0];
  };

  await add(HEADER_NAME, Buffer.from(JSON.stringify(header)));
  for await (const object of objects) {
    batch.push(object);
    batchBytes += object.bytes.length;
    if (batch.length === MANIFEST_LIMITS.objects || batchBytes >= MANIFEST_LIMITS.bytes) await flush();
  }
  await flush();
  await add(END_NAME, Buffer.from(JSON.stringify({ ...total, manifests_sha256: chain.digest('hex') })));
  archive.finalize();
  return total;
}

const manifestLine = ({ key, bytes }: KeptObject): string =>
  `${createHash('sha256').update(bytes).digest('hex')}  ${OBJECTS_FOLDER}${key}\n`;
