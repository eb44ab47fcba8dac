import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { drawGroup, drawPerson, drawPortrait, drawScene } from './index.js';

describe('drawn people', () => {
  it('are the same person for the same seed, and someone else for the next', () => {
    expect(drawPerson(4)).toEqual(drawPerson(4));
    expect(drawPerson(4).face).not.toEqual(drawPerson(5).face);
  });

  it('differ in every measure of the face, so no two seeds share a feature', () => {
    const [one, two] = [drawPerson(1).face, drawPerson(2).face];
    for (const key of Object.keys(one) as (keyof typeof one)[]) {
      expect(one[key]).not.toBeCloseTo(two[key], 3);
    }
  });
});

describe('drawn pictures', () => {
  it('are the same bytes for the same person and photo', async () => {
    const person = drawPerson(1);
    const again = await drawPortrait(person, 1);
    expect((await drawPortrait(person, 1)).equals(again)).toBe(true);
    expect((await drawPortrait(person, 2)).equals(again)).toBe(false);
    expect((await drawPortrait(drawPerson(2), 1)).equals(again)).toBe(false);
  });

  it('are JPEGs of the size asked for', async () => {
    const sizes = await Promise.all(
      [
        drawPortrait(drawPerson(3), 1),
        drawPortrait(drawPerson(3), 1, { width: 300, height: 400 }),
        drawGroup([drawPerson(1), drawPerson(2)], 1),
        drawScene(1),
      ].map(async (picture) => {
        const { format, width, height } = await sharp(await picture).metadata();
        return `${format} ${width}×${height}`;
      }),
    );
    expect(sizes).toEqual(['jpeg 640×480', 'jpeg 300×400', 'jpeg 1280×720', 'jpeg 640×480']);
  });
});
