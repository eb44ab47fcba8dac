import { css, darker, lighter, mix } from './colour.js';
import { continued, curve, text, type Point, type Sketch, type Vertex } from './sketch.js';

/** Eyes with lids, lashes, iris and a highlight, and the brows above them. */
export function drawEyes(sketch: Sketch): string {
  return drawEye(sketch, -1) + drawEye(sketch, 1) + drawBrow(sketch, -1) + drawBrow(sketch, 1);
}

function drawEye(sketch: Sketch, side: -1 | 1): string {
  const { at, id, person, photo } = sketch;
  const { face, looks } = person;
  const half = face.eyeWidth / 2;
  const tilt = Math.tan((face.eyeTilt * Math.PI) / 180) * half;
  const open = face.eyeOpening * photo.eyesOpen * (1 - 0.14 * photo.smile);
  /** `along` −1 is the inner corner, 1 the outer one; `up` in openings. */
  const lid = (along: number, up: number, z = 62 - 5 * along): Vertex => [
    side * (face.eyeDistance / 2 + along * half),
    -along * tilt - up * open,
    z,
  ];
  const upper = [lid(-1, 0), lid(-0.55, 0.45), lid(0, 0.64), lid(0.55, 0.5), lid(1, 0)].map(at);
  const lower = [lid(1, 0), lid(0.5, -0.32), lid(0, -0.38), lid(-0.55, -0.25), lid(-1, 0)].map(at);
  const crease = [lid(-0.8, 0.62), lid(-0.2, 1.02), lid(0.45, 0.98), lid(1.08, 0.42)].map(at);
  const almond = `${curve(upper)}${continued(lower)}Z`;
  const [x, y] = at([side * (face.eyeDistance / 2) + photo.gaze * 1.6, -open * 0.14, 63]);
  const lash = css(darker(looks.hair, 0.75));
  const skinLine = css(darker(looks.skin, 0.62));
  const clip = id(`eye${side}`);
  const stroke = (points: Point[], colour: string, width: number, opacity: number): string =>
    `<path d="${curve(points)}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" opacity="${opacity}"/>`;
  return `
<clipPath id="${clip}"><path d="${almond}"/></clipPath>
<path d="${almond}" fill="rgb(236,230,226)"/>
<g clip-path="url(#${clip})">
  <circle cx="${x}" cy="${y}" r="6.3" fill="${css(darker(looks.iris, 0.45))}"/>
  <circle cx="${x}" cy="${y}" r="5.2" fill="${css(looks.iris)}"/>
  <circle cx="${x}" cy="${y + 2}" r="3.4" fill="${css(lighter(looks.iris, 0.25))}" opacity="0.7"/>
  <circle cx="${x}" cy="${y}" r="2.7" fill="rgb(16,12,12)"/>
  <path d="${curve(upper)}" fill="none" stroke="rgb(60,40,40)" stroke-width="5" opacity="0.35"/>
</g>
<circle cx="${x + 1.9 * (photo.light < 0 ? -1 : 1)}" cy="${y - 2}" r="1.25" fill="white" opacity="0.95"/>
${stroke(crease, skinLine, 1.2, 0.7)}
${stroke(lower, skinLine, 1, 0.75)}
${stroke(upper, lash, 2.3, 1)}
<path d="M${text(at(lid(0.95, 0.04)))}L${text(at(lid(1.16, 0.2)))}" stroke="${lash}" stroke-width="1.5" stroke-linecap="round"/>`;
}

function drawBrow(sketch: Sketch, side: -1 | 1): string {
  const { at, person, photo } = sketch;
  const { face, looks } = person;
  const tilt = Math.tan((face.browTilt * Math.PI) / 180) * (face.browLength / 2);
  const raise = face.browHeight + (photo.mouthOpen > 0 ? 1 : 0);
  /** `along` 0 is the inner end, 1 the outer one. */
  const hair = (along: number, thickness: number): Vertex => [
    side * (face.eyeDistance / 2 + face.browLength * (along - 0.48)),
    -raise -
      tilt * (2 * along - 1) -
      face.browArch * Math.sin(Math.PI * along ** 1.25) -
      thickness * face.browThickness,
    66 - 12 * along,
  ];
  const top = [hair(0, 0.4), hair(0.3, 0.5), hair(0.65, 0.42), hair(1, 0)].map(at);
  const bottom = [hair(1, 0), hair(0.65, -0.3), hair(0.3, -0.5), hair(0, -0.5)].map(at);
  // Fair brows on dark skin would be lost on the landmark model as well as on the viewer.
  const colour = mix(darker(looks.hair, 0.45), darker(looks.skin, 0.85), 0.4);
  return `<path d="${curve(top)}${continued(bottom)}Z" fill="${css(colour)}" opacity="0.92"/>`;
}
