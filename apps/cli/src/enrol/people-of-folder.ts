import type { PersonPhotos } from '@facehash/client';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { photoFile } from '../photo-file.js';
import { isImageName } from '../photo-files.js';
import { tooLarge } from './too-large.js';

/** The people in a folder: a folder each, whose name is the label. The photos stay on disk until they are sent. */
export async function* peopleOfFolder(
  path: string,
  onSkip: (path: string, why: string) => void,
): AsyncGenerator<PersonPhotos> {
  const entries = await readdir(path, { withFileTypes: true });
  for (const { name: label } of entries.filter((entry) => entry.isDirectory()).sort(byName)) {
    if (label.startsWith('.')) continue;
    const folder = join(path, label);
    const names = (await readdir(folder)).filter(isImageName).sort();
    if (names.length === 0) onSkip(folder, 'it holds no .jpg, .jpeg, .png or .webp file');
    const photos = await Promise.all(names.map((name) => photoFile(join(folder, name))));
    const fitting = photos.filter(({ name, size }) => {
      const why = tooLarge(size);
      if (why !== undefined) onSkip(join(folder, name), why);
      return why === undefined;
    });
    if (fitting.length > 0) yield { label, photos: fitting };
  }
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
