import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { ZipFile } from 'yazl';
import { unsupported } from './unsupported.js';

/** Files by name, stored as they are: Keras reads nothing else, and numbers hardly compress. */
export async function writeZip(files: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(files))
    zip.addBuffer(Buffer.from(bytes), name, { compress: false });
  zip.end();
  return buffer(zip.outputStream);
}

/**
 * The wanted files of an archive; its reader checks that none unpacks to more than it says.
 * @param maxBytes of each, unpacked
 * @throws AppError MODEL_UNSUPPORTED when one is missing, too large or damaged
 */
export async function readZip<Name extends string>(
  bytes: Uint8Array,
  wanted: Readonly<Record<Name, { maxBytes: number }>>,
): Promise<Record<Name, Uint8Array>> {
  const found: Record<string, Uint8Array> = {};
  try {
    const zip = await yauzl.fromBufferPromise(Buffer.from(bytes), { lazyEntries: true });
    for await (const entry of zip.eachEntry()) {
      const limit = Object.hasOwn(wanted, entry.fileName) ? wanted[entry.fileName as Name] : undefined;
      if (limit === undefined) continue;
      if (entry.uncompressedSize > limit.maxBytes) {
        throw unsupported(`${entry.fileName} unpacks to more than ${limit.maxBytes} bytes`);
      }
      found[entry.fileName] = await buffer(await zip.openReadStreamPromise(entry));
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODEL_UNSUPPORTED') throw error;
    throw unsupported('it is a damaged zip archive', error);
  }
  for (const name of Object.keys(wanted)) {
    if (found[name] === undefined) throw unsupported(`it is an archive without ${name}, so no .keras file`);
  }
  return found;
}
