import { drawBackdrop } from './backdrop.js';
import { develop } from './develop.js';
import { drawFigure } from './figure.js';
import type { DrawnPerson } from './person.js';
import { drawExposure, takePhoto } from './photo.js';
import { randomFrom } from './random.js';

const SIZE = { width: 1280, height: 720 } as const;

/** A JPEG of 1280×720 with the people side by side, from left to right as given. Deterministic. */
export function drawGroup(people: readonly DrawnPerson[], photo: number): Promise<Buffer> {
  const seed = people.reduce((sum, person) => Math.imul(sum, 31) + person.seed, 7);
  const slot = SIZE.width / Math.max(people.length, 1);
  // 290 mm are a head with room for its neighbours' shoulders.
  const scale = Math.min(slot / 290, 1.7);
  const figures = people.map((person, index) => {
    const taken = takePhoto(person, photo + 1000);
    const frame = {
      x: slot * (index + 0.5) + taken.offset.x * slot * 0.06,
      y: SIZE.height * 0.45 + taken.offset.y * 24 + (index % 2) * 28,
      scale: scale * (1 + 0.05 * taken.offset.scale),
    };
    return drawFigure(person, taken, frame, `p${index}`);
  });
  const backdrop = drawBackdrop(randomFrom(seed, photo, 6), SIZE.width, SIZE.height);
  return develop(backdrop + figures.join(''), SIZE, drawExposure(seed, photo), photo);
}
