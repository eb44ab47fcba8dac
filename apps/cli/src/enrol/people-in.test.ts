import type { PersonPhotos } from '@facehash/client';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { ZipFile } from 'yazl';
import { useFolder } from '../testing/use-folder.js';
import { peopleIn } from './people-in.js';
import { tarFiles } from './tar-files.js';
import { zipFiles } from './zip-files.js';

type Files = readonly (readonly [path: string, content: string | Buffer])[];

let folder: string;
useFolder((path) => void (folder = path));

let skipped: string[];

beforeEach(() => {
  skipped = [];
});

const PEOPLE: Files = [
  ['Ann/1.jpg', 'a1'],
  ['Ann/2.PNG', 'a2'],
  ['Ann/notes.txt', 'no photo'],
  ['Zoë B/x.webp', 'z'],
  ['Zoë B/.hidden.jpg', 'no photo'],
];

async function asFolder(files: Files): Promise<string> {
  for (const [path, content] of files) {
    await mkdir(join(folder, 'people', dirname(path)), { recursive: true });
    await writeFile(join(folder, 'people', path), content);
  }
  return join(folder, 'people');
}

async function asTar(files: Files, name: string): Promise<string> {
  const tar = pack();
  for (const [path, content] of files) tar.entry({ name: path }, content);
  tar.finalize();
  const path = join(folder, name);
  const out = createWriteStream(path);
  await (name.endsWith('.tar') ? pipeline(tar, out) : pipeline(tar, createGzip(), out));
  return path;
}

async function asZip(files: Files): Promise<string> {
  const zip = new ZipFile();
  for (const [path, content] of files) zip.addBuffer(Buffer.from(content), path);
  zip.end();
  const path = join(folder, 'people.zip');
  await once(zip.outputStream.pipe(createWriteStream(path)), 'close');
  return path;
}

const SHAPES = {
  folder: asFolder,
  '.zip': asZip,
  '.tar': (files: Files) => asTar(files, 'people.tar'),
  '.tar.gz': (files: Files) => asTar(files, 'people.tar.gz'),
  '.tgz': (files: Files) => asTar(files, 'people.TGZ'),
};

async function read(path: string): Promise<string[]> {
  const pieces = [];
  for await (const { label, photos } of await peopleIn(path, (file) => skipped.push(file))) {
    pieces.push(`${label}: ${await contents(photos)}`);
  }
  return pieces;
}

const contents = async (photos: PersonPhotos['photos']): Promise<string> =>
  (await Promise.all((photos as File[]).map(async (file) => `${file.name}=${await file.text()}`))).join(' ');

async function all<T>(files: AsyncIterable<T>): Promise<T[]> {
  const found = [];
  for await (const file of files) found.push(file);
  return found;
}

describe('peopleIn', () => {
  it.each(Object.entries(SHAPES))('reads a folder per person: %s', async (_, make) => {
    expect(await read(await make(PEOPLE))).toEqual(['Ann: 1.jpg=a1 2.PNG=a2', 'Zoë B: x.webp=z']);
  });

  it.each([
    ['.zip', asZip],
    ['.tar', SHAPES['.tar']],
  ])('takes the innermost folder of a %s for the person, and says what it passes over', async (_, make) => {
    const path = await make([
      ['2026/people/Ann/1.jpg', 'a1'],
      ['__MACOSX/people/Ann/1.jpg', 'no photo'],
      ['top.jpg', 'nobody'],
      ['2026/people/Ann/cv.pdf', 'no photo'],
      ['2026/people/Ann/big.jpg', Buffer.alloc(20 * 2 ** 20 + 1)],
      ['2026/people/Ben/1.jpg', 'b1'],
      ['2026/people/Ann/2.jpg', 'a2'],
    ]);
    expect(await read(path)).toEqual(['Ann: 1.jpg=a1', 'Ben: 1.jpg=b1', 'Ann: 2.jpg=a2']);
    expect(skipped).toEqual(['top.jpg', '2026/people/Ann/cv.pdf', '2026/people/Ann/big.jpg']);
  });

  it('passes over what is too large in a folder as well, and over a person of whom nothing else is there', async () => {
    const big = Buffer.alloc(20 * 2 ** 20 + 1);
    const path = await asFolder([
      ['Ann/1.jpg', 'a1'],
      ['Ann/big.jpg', big],
      ['Ben/big.jpg', big],
    ]);
    expect(await read(path)).toEqual(['Ann: 1.jpg=a1']);
    expect(skipped).toEqual([join(path, 'Ann/big.jpg'), join(path, 'Ben/big.jpg')]);
  });

  it('says so where there is nothing, or something else', async () => {
    await expect(read(join(folder, 'no'))).rejects.toThrow('no folder or archive');
    await writeFile(join(folder, 'a.rar'), '');
    await expect(read(join(folder, 'a.rar'))).rejects.toThrow('Expected a folder, a .zip');
  });
});

describe('an archive that means harm', () => {
  it('cannot name a file outside itself', async () => {
    const zip = await asZip([['xx/Ann/1.jpg', 'a']]);
    const bytes = (await readFile(zip)).toString('latin1').replaceAll('xx/', '../');
    await writeFile(zip, bytes, 'latin1');
    await expect(read(zip)).rejects.toThrow('invalid relative path');
    // In a tar the name is but a label.
    expect(
      await read(
        await asTar(
          [
            ['../Ann/1.jpg', 'a'],
            ['../1.jpg', 'b'],
          ],
          'a.tar',
        ),
      ),
    ).toEqual(['Ann: 1.jpg=a']);
    expect(skipped).toEqual(['../1.jpg']);
  });

  it('cannot keep the reader busy for ever', async () => {
    const files: Files = [
      ['a/1.jpg', 'aaaa'],
      ['a/2.jpg', 'bbbb'],
    ];
    const few = { maxEntries: 1, maxBytes: 100 };
    const small = { maxEntries: 100, maxBytes: 7 };
    const [zip, tar] = [await asZip(files), await asTar(files, 'a.tar')];
    for (const [limits, message] of [
      [few, 'more than 1 entries'],
      [small, 'more than 7 bytes'],
    ] as const) {
      await expect(all(zipFiles(zip, limits))).rejects.toThrow(message);
      await expect(all(tarFiles(tar, false, limits))).rejects.toThrow(message);
    }
  });
});

describe('a damaged archive', () => {
  it.each([
    ['.zip', asZip],
    ['.tar', SHAPES['.tar']],
    ['.tar.gz', SHAPES['.tar.gz']],
  ])('%s is an error and no short list', async (_, make) => {
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 251));
    const path = await make([
      ['a/1.jpg', noise],
      ['a/2.jpg', noise],
    ]);
    await truncate(path, (await readFile(path)).length >> 1);
    await expect(read(path)).rejects.toThrow();
  });

  it('that is no gzip is an error as well', async () => {
    const path = join(folder, 'a.tgz');
    await writeFile(path, 'plain text');
    await expect(read(path)).rejects.toThrow('incorrect header check');
    await writeFile(path, gzipSync('plain text'.repeat(1000)));
    await expect(read(path)).rejects.toThrow();
  });
});
