import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { KeptObject } from '@facehash/storage';
import { pack, type Header } from 'tar-stream';
import { useFolder } from '../testing/use-folder.js';
import { FORMAT_VERSION, HEADER_NAME, MANIFEST_LIMITS } from './archive-format.js';
import { readArchive, type ReadArchive } from './read-archive.js';
import { writeArchive } from './write-archive.js';

const HEADER = {
  format: 'facehash-backup' as const,
  version: FORMAT_VERSION,
  created_at: '2026-11-24T10:00:00.000Z',
  key_id: null,
};
const never = new AbortController().signal;

let folder: string;
useFolder((path) => void (folder = path));

const OBJECTS: readonly KeptObject[] = [
  { key: 'tenants/key_1/photos/sub_1/pho_1.jpg', bytes: Buffer.from('pixels of one') },
  { key: `tenants/key_1/${'a'.repeat(150)}/${'b'.repeat(150)}`, bytes: Buffer.from([0, 255, 13, 10]) },
  { key: 'tenants/key_1/empty', bytes: Buffer.alloc(0) },
  { key: 'keys/key_1.json', bytes: Buffer.alloc(1000, 'k') },
];

async function archiveOf(objects: Iterable<KeptObject> | AsyncIterable<KeptObject>, isGzipped = false) {
  const path = join(folder, isGzipped ? 'a.tar.gz' : 'a.tar');
  const options = { header: HEADER, isGzipped, signal: never };
  const figures = await writeArchive(Readable.from(objects), createWriteStream(path), options);
  return { path, figures };
}

async function read(path: string): Promise<{ objects: KeptObject[]; end: ReadArchive }> {
  const objects: KeptObject[] = [];
  const reading = readArchive(path);
  for (;;) {
    const { value, done } = await reading.next();
    if (done === true) return { objects, end: value };
    objects.push(value);
  }
}

/** Why an archive of these bytes is refused, or the objects in it. */
async function outcomeOf(bytes: Uint8Array): Promise<string | KeptObject[]> {
  const path = join(folder, 'tried.tar');
  await writeFile(path, bytes);
  return read(path).then(
    ({ objects }) => objects,
    (error: unknown) => String(error),
  );
}

async function tarOf(entries: readonly (Partial<Header> & { name: string; content?: string })[]) {
  const tar = pack();
  for (const { content = '', ...header } of entries) tar.entry(header, content);
  tar.finalize();
  return buffer(tar);
}

describe('an archive', () => {
  it.each([false, true])(
    'gives back the objects it was made of, in their order (gzip: %s)',
    async (isGzipped) => {
      const { path, figures } = await archiveOf(OBJECTS, isGzipped);
      expect(figures).toEqual({ objects: 4, bytes: 1017 });
      expect(await read(path)).toEqual({ objects: OBJECTS, end: { header: HEADER, ...figures } });
    },
  );

  it('of more objects than a manifest holds has several', async () => {
    const many = Array.from({ length: MANIFEST_LIMITS.objects * 2 + 1 }, (_, at) => ({
      ...{ key: `tenants/key_1/photos/${at}`, bytes: Buffer.from(String(at)) },
    }));
    const { path } = await archiveOf(many);
    expect((await read(path)).objects).toEqual(many);
    const { stdout } = await promisify(execFile)('tar', ['-tf', path]);
    expect(stdout.match(/^manifests\/.*$/gm)).toHaveLength(3);
  });

  it('can be unpacked and checked without facehash', async () => {
    const { path } = await archiveOf(OBJECTS);
    const { stdout } = await promisify(execFile)(
      'sh',
      ['-c', 'tar -xf "$1" && cat manifests/*.sha256 | sha256sum -c', 'sh', path],
      { cwd: folder },
    );
    expect(stdout.match(/: OK$/gm)).toHaveLength(OBJECTS.length);
    expect(await readFile(join(folder, 'objects', OBJECTS[0]!.key))).toEqual(OBJECTS[0]!.bytes);
  });

  it('holds a few manifests’ worth of objects in memory, however many there are', async () => {
    const bytes = Buffer.alloc(2 ** 20, 'x');
    let pulled = 0;
    let taken = 0;
    let most = 0;
    function* objects(): Iterable<KeptObject> {
      for (; pulled < 200; pulled++) yield { key: `tenants/key_1/photos/${pulled}`, bytes };
    }
    const slow = new Writable({
      write: (chunk: Buffer, _, done) => {
        taken += chunk.length;
        most = Math.max(most, pulled * bytes.length - taken);
        setImmediate(done);
      },
    });
    await writeArchive(Readable.from(objects()), slow, { header: HEADER, isGzipped: false, signal: never });
    expect(taken).toBeGreaterThan(200 * bytes.length);
    expect(most).toBeLessThan(3 * MANIFEST_LIMITS.bytes);
  });

  it('is not finished when its source fails, when what takes it fails, or when it is interrupted', async () => {
    async function* failing(): AsyncGenerator<KeptObject> {
      yield* OBJECTS;
      await Promise.resolve();
      throw new Error('the storage is gone');
    }
    await expect(archiveOf(failing())).rejects.toThrow('the storage is gone');
    const full = () =>
      new Writable({
        write: (_chunk, _, done) => {
          setImmediate(done, new Error('the disk is full'));
        },
      });
    const options = { header: HEADER, isGzipped: false, signal: never };
    // Also in the middle of an object, while there is no room for its rest.
    const large = [{ key: 'tenants/key_1/large', bytes: Buffer.alloc(2 ** 20) }];
    for (const objects of [OBJECTS, large])
      await expect(writeArchive(Readable.from(objects), full(), options)).rejects.toThrow('the disk is full');
    const interrupt = new AbortController();
    function* interrupted(): Iterable<KeptObject> {
      for (;;) {
        yield* OBJECTS;
        interrupt.abort(new Error('interrupted'));
      }
    }
    const to = createWriteStream(join(folder, 'b.tar'));
    for (const source of [interrupted(), OBJECTS]) {
      const writing = writeArchive(Readable.from(source), to, { ...options, signal: interrupt.signal });
      await expect(writing).rejects.toThrow('interrupted');
    }
  });
});

describe('a bad archive is refused', () => {
  it.each([false, true])('wherever it was cut off (gzip: %s)', async (isGzipped) => {
    const bytes = await readFile((await archiveOf(OBJECTS, isGzipped)).path);
    // The last 1024 bytes of a tar are zeros that say nothing.
    const length = isGzipped ? bytes.length : bytes.length - 1024;
    const step = isGzipped ? 1 : 128;
    for (let cut = 0; cut < length; cut += step) {
      const outcome = await outcomeOf(bytes.subarray(0, cut));
      expect([cut, outcome]).toEqual([cut, expect.stringMatching(/is damaged or was cut off|is no backup/)]);
    }
  });

  it('whichever bit of it was flipped, unless nothing is changed by that', async () => {
    const bytes = await readFile((await archiveOf(OBJECTS)).path);
    let refused = 0;
    for (let at = 0; at < bytes.length; at += 7) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1 << (at % 8);
      const outcome = await outcomeOf(flipped);
      if (typeof outcome === 'string') {
        expect(outcome).toMatch(/^Error: [^\n]*(is damaged or was cut off|is no backup|has format)[^\n]*$/);
        refused++;
      } else expect([at, outcome]).toEqual([at, OBJECTS]);
    }
    expect(refused).toBeGreaterThan(100);
  });

  it('when it is something else', async () => {
    const nothing = expect.stringContaining('is no backup that facehash made');
    expect(await outcomeOf(Buffer.alloc(0))).toEqual(nothing);
    expect(await outcomeOf(Buffer.from('a text that somebody wrote'.repeat(100)))).toEqual(nothing);
    expect(await outcomeOf(Buffer.from([0x1f, 0x8b, 1, 2, 3, 4]))).toEqual(nothing);
    expect(await outcomeOf(await tarOf([{ name: 'people/Ada/1.jpg', content: 'x' }]))).toEqual(nothing);
    expect(await outcomeOf(await tarOf([{ name: HEADER_NAME, content: '{"format":"zip"}' }]))).toEqual(
      nothing,
    );
    await expect(read(join(folder, 'missing.tar'))).rejects.toThrow('ENOENT');
  });

  it('when a newer facehash made it', async () => {
    const header = JSON.stringify({ format: 'facehash-backup', version: FORMAT_VERSION + 1, other: true });
    expect(await outcomeOf(await tarOf([{ name: HEADER_NAME, content: header }]))).toMatch(
      `has format ${FORMAT_VERSION + 1}, and this facehash reads up to ${FORMAT_VERSION}`,
    );
  });

  it.each(['objects/../../etc/passwd', 'objects/keys/../../x', '/etc/passwd', 'objects/uploads/job_1/photo'])(
    'when %s is in it, though its manifest says so',
    async (name) => {
      const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
      const outcome = await outcomeOf(
        await tarOf([
          { name: HEADER_NAME, content: JSON.stringify(HEADER) },
          { name: 'manifests/000001.sha256', content: `${sha256}  ${name}\n` },
          { name },
        ]),
      );
      expect(outcome).toMatch(/does not belong there/);
    },
  );

  it('when there is a link in it, or a file of its own accord', async () => {
    const header = { name: HEADER_NAME, content: JSON.stringify(HEADER) };
    const link = { name: 'objects/keys/a', type: 'symlink' as const, linkname: '/etc/passwd' };
    expect(await outcomeOf(await tarOf([header, link]))).toMatch(/is no plain file/);
    const file = { name: 'objects/keys/a', content: 'x' };
    expect(await outcomeOf(await tarOf([header, file]))).toMatch(/does not belong there/);
  });

  it('when objects and their manifest were taken out together', async () => {
    const bytes = gunzipSync(await readFile((await archiveOf(OBJECTS, true)).path));
    const end = bytes.subarray(bytes.lastIndexOf('end.json'));
    const header = bytes.subarray(0, bytes.indexOf('manifests/000001'));
    expect(await outcomeOf(Buffer.concat([header, end]))).toMatch(/does not hold what its end says/);
  });
});
