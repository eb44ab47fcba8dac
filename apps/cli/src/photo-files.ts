import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

const EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.webp']);

/** By its name; what systems put beside photos, such as `._1.jpg`, is none. */
export const isImageName = (name: string): boolean =>
  !name.startsWith('.') && EXTENSIONS.has(extname(name).toLowerCase());

/**
 * Files as given; a folder stands for the images in it, by name.
 * @throws Error when there is nothing at a path, or no image in a folder
 */
export async function photoFiles(paths: readonly string[]): Promise<string[]> {
  return (await Promise.all(paths.map(filesAt))).flat();
}

async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new Error(`There is no file or folder ${path}.`);
  if (!found.isDirectory()) return [path];
  const images = (await readdir(path)).filter(isImageName).sort();
  if (images.length === 0) throw new Error(`The folder ${path} holds no .jpg, .jpeg, .png or .webp file.`);
  return images.map((name) => join(path, name));
}
