import { drawBackdrop } from './backdrop.js';
import { develop, type PictureSize } from './develop.js';
import { drawFigure } from './figure.js';
import type { DrawnPerson } from './person.js';
import { drawExposure, takePhoto } from './photo.js';
import { randomFrom } from './random.js';

/**
 * A JPEG of one person. The same `person`, `photo` and `size` give the same bytes; another `photo` number
 * gives another pose, light, expression, backdrop and camera.
 */
export function drawPortrait(
  person: DrawnPerson,
  photo: number,
  size: PictureSize = { width: 640, height: 480 },
): Promise<Buffer> {
  const taken = takePhoto(person, photo);
  const short = Math.min(size.width, size.height);
  const frame = {
    x: size.width / 2 + taken.offset.x * short * 0.09,
    y: size.height * 0.46 + taken.offset.y * short * 0.04,
    scale: (short / 480) * (1.3 + 0.14 * taken.offset.scale),
  };
  const backdrop = drawBackdrop(randomFrom(person.seed, photo, 6), size.width, size.height);
  return develop(
    backdrop + drawFigure(person, taken, frame, 'a'),
    size,
    drawExposure(person.seed, photo),
    photo,
  );
}
