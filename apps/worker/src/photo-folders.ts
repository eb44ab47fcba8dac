import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** A person's photos in a folder of people: a folder each, whose name is the label. */
export interface PhotoFolder {
  readonly label: string;
  readonly files: readonly string[];
}

const EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.webp']);

/** By name, so that the same folder gives the same order everywhere. Folders without a photo are left out. */
export async function photoFolders(root: string): Promise<PhotoFolder[]> {
  const entries = await readdir(root, { withFileTypes: true });
  const labels = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
  const folders = labels.map(async (label) => {
    const names = (await readdir(path.join(root, label))).filter(isPhoto).sort();
    return { label, files: names.map((name) => path.join(root, label, name)) };
  });
  return (await Promise.all(folders)).filter(({ files }) => files.length > 0);
}

const isPhoto = (name: string): boolean =>
  !name.startsWith('.') && EXTENSIONS.has(path.extname(name).toLowerCase());
