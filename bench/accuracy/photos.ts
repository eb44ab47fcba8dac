import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

/** Photos of one person, in the order of their names. */
export interface Person {
  readonly name: string;
  readonly files: readonly string[];
}

/** `DIR/orl/s{1..40}/{1..10}.pgm` */
export async function orlPeople(photosDir: string): Promise<Person[]> {
  const root = path.join(photosDir, 'orl');
  const folders = (await readdir(root)).filter((name) => /^s\d+$/.test(name)).sort(byNumber);
  return Promise.all(
    folders.map(async (name) => {
      const files = (await readdir(path.join(root, name))).sort(byNumber);
      return { name, files: files.map((file) => path.join(root, name, file)) };
    }),
  );
}

/** `DIR/lfw/NAME_NNNN.jpg` */
export async function lfwPeople(photosDir: string): Promise<Person[]> {
  const root = path.join(photosDir, 'lfw');
  const byName = new Map<string, string[]>();
  for (const file of (await readdir(root)).sort()) {
    const name = /^(.+)_\d{4}\.jpg$/.exec(file)?.[1];
    if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), path.join(root, file)]);
  }
  return [...byName].map(([name, files]) => ({ name, files }));
}

/** People with fewer photos are the background's; see its origin file. */
export const LFW_TEST_MIN_PHOTOS = 10;

/** Those of LFW whom the background statistics do not know. */
export async function lfwTestPeople(photosDir: string): Promise<Person[]> {
  return (await lfwPeople(photosDir)).filter((person) => person.files.length >= LFW_TEST_MIN_PHOTOS);
}

/** The bytes as the product takes them: ORL's PGM files become PNG, without loss. */
export async function readPhoto(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file);
  if (!file.endsWith('.pgm')) return bytes;
  const header = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString('latin1', 0, 64));
  if (header === null) throw new Error(`${file} is no binary PGM with 8 bits`);
  const [width, height] = [Number(header[1]), Number(header[2])];
  const raw = { width, height, channels: 1 as const };
  return sharp(bytes.subarray(header[0].length), { raw }).png().toBuffer();
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
