/** Draws docs/images/synthetic-people.png: six people, a column each, in four photos. None of them exists. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawPerson, drawPortrait } from '@facehash/testkit';
import sharp from 'sharp';

const TARGET = fileURLToPath(new URL('../docs/images/synthetic-people.png', import.meta.url));
const PEOPLE = [1, 2, 3, 4, 5, 6];
const PHOTOS = [1, 2, 3, 4];
const TILE = 200;

const tiles = await Promise.all(
  PEOPLE.flatMap((seed, column) =>
    PHOTOS.map(async (photo, row) => {
      const portrait = await drawPortrait(drawPerson(seed), photo, { width: 480, height: 480 });
      const input = await sharp(portrait).resize(TILE).toBuffer();
      return { input, left: column * TILE, top: row * TILE };
    }),
  ),
);
await mkdir(dirname(TARGET), { recursive: true });
await sharp({
  create: {
    width: PEOPLE.length * TILE,
    height: PHOTOS.length * TILE,
    channels: 3,
    background: 'white',
  },
})
  .composite(tiles)
  // 128 colours, undithered: without them the grain of the photos alone takes more than 1 MB.
  .png({ palette: true, colours: 128, dither: 0, effort: 10 })
  .toFile(TARGET);
console.log(`Drew ${TARGET}`);
