import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { photoFiles } from './photo-files.js';
import { useFolder } from './testing/use-folder.js';

let folder: string;
useFolder((path) => void (folder = path));

describe('photoFiles', () => {
  it('takes files as they are and, of a folder, the images by name', async () => {
    for (const name of ['b.JPG', 'a.png', 'notes.txt', 'c.webp']) await writeFile(join(folder, name), '');
    const odd = join(folder, 'notes.txt');
    expect(await photoFiles([odd, folder])).toEqual([
      odd,
      ...['a.png', 'b.JPG', 'c.webp'].map((name) => join(folder, name)),
    ]);
  });

  it('says that there is nothing, or no image in the folder', async () => {
    await mkdir(join(folder, 'empty'));
    await expect(photoFiles([join(folder, 'missing.jpg')])).rejects.toThrow('no file or folder');
    await expect(photoFiles([join(folder, 'empty')])).rejects.toThrow('holds no .jpg');
  });
});
