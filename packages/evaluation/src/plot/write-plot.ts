import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

/** Twice the size in which it is shown: readable on a fine screen. */
const DPI = 144;

/** Writes NAME.svg and NAME.png. */
export async function writePlot(folder: string, name: string, svg: string): Promise<void> {
  await writeFile(path.join(folder, `${name}.svg`), svg);
  await sharp(Buffer.from(svg), { density: DPI })
    .png({ palette: true, effort: 10 })
    .toFile(path.join(folder, `${name}.png`));
}
