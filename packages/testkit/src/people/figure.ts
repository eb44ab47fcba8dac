import { drawBody } from './body.js';
import { drawEyes } from './eyes.js';
import { drawHairBehind, drawHairInFront } from './hair.js';
import { drawHead } from './head.js';
import { drawMouth } from './mouth.js';
import { drawNose } from './nose.js';
import type { DrawnPerson } from './person.js';
import type { Photo } from './photo.js';
import { startSketch } from './sketch.js';

export interface Frame {
  /** Pixel at which the point midway between the pupils comes to lie. */
  readonly x: number;
  readonly y: number;
  /** Pixels per millimetre. */
  readonly scale: number;
}

/** One person as an SVG group. `prefix` keeps the ids of several people in one picture apart. */
export function drawFigure(person: DrawnPerson, photo: Photo, frame: Frame, prefix: string): string {
  const sketch = startSketch(person, photo, prefix);
  // The head tilts on its neck, not about its own middle.
  const head = `rotate(${photo.roll} 0 ${person.face.chinDrop})`;
  return `
<g transform="translate(${frame.x} ${frame.y}) scale(${frame.scale})">
  <g transform="${head}">${drawHairBehind(sketch)}</g>
  ${drawBody(sketch)}
  <g transform="${head}">
    ${drawHead(sketch)}
    ${drawNose(sketch)}
    ${drawMouth(sketch)}
    ${drawEyes(sketch)}
    ${drawHairInFront(sketch)}
  </g>
</g>`;
}
