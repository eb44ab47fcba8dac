import { css, darker, lighter, mix } from './colour.js';
import type { FaceGeometry } from './person.js';
import { curve, type Sketch, type Vertex } from './sketch.js';

/** Outline of the head as a closed ring, from the crown along the right of the picture to the chin and back. */
export function headOutline(face: FaceGeometry, margin = 0): Vertex[] {
  const half = face.faceWidth / 2 + margin;
  const crown = face.crownHeight + margin;
  const jaw = face.jawWidth / 2;
  const chin = face.chinWidth / 2;
  const drop = face.chinDrop;
  const right: Vertex[] = [
    [half * 0.56, -crown * 0.92, 0],
    [half * 0.9, -crown * 0.6, 0],
    [half, -crown * 0.18, 0],
    [half * 0.985, drop * 0.2, 4],
    [half * 0.45 + jaw * 0.53, drop * 0.48, 10],
    [jaw, drop * 0.7, 18],
    [jaw * 0.5 + chin * 0.5, drop * 0.89, 38],
    [chin, drop * 0.985, 52],
  ];
  return [[0, -crown, 0], ...right, [0, drop, 58], ...right.toReversed().map(mirrored)];
}

export const mirrored = ([x, y, z]: Vertex): Vertex => [-x, y, z];

/** Ears, then the face itself with everything the light does to it; features come on top. */
export function drawHead(sketch: Sketch): string {
  const { at, id, person, photo } = sketch;
  const { face, looks } = person;
  const outline = curve(headOutline(face).map(at), true);
  const half = face.faceWidth / 2;
  const drop = face.chinDrop;
  const { skin } = looks;
  const blush = mix(skin, [214, 84, 70], 0.4);
  const spot = (vertex: Vertex, rx: number, ry: number, colour: string, opacity: number): string => {
    const [x, y] = at(vertex);
    return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${colour}" opacity="${opacity}"/>`;
  };
  const both = (vertex: Vertex, rx: number, ry: number, colour: string, opacity: number): string =>
    spot(vertex, rx, ry, colour, opacity) + spot(mirrored(vertex), rx, ry, colour, opacity);
  const shade = css(darker(skin, 0.75));
  const shine = css(lighter(skin, 0.55));
  const eye = face.eyeDistance / 2;
  return `
<defs>
  <clipPath id="${id('head')}"><path d="${outline}"/></clipPath>
  <radialGradient id="${id('skin')}" gradientUnits="userSpaceOnUse" cx="${photo.light * 26}" cy="${drop * 0.1}" r="${drop * 1.25}">
    <stop offset="0" stop-color="${css(lighter(skin, 0.12))}"/>
    <stop offset="0.55" stop-color="${css(skin)}"/>
    <stop offset="1" stop-color="${css(darker(skin, 0.42))}"/>
  </radialGradient>
  <linearGradient id="${id('side')}" gradientUnits="userSpaceOnUse" x1="${photo.light * half}" y1="0" x2="${-photo.light * half}" y2="0">
    <stop offset="0.35" stop-color="${shade}" stop-opacity="0"/>
    <stop offset="1" stop-color="${shade}" stop-opacity="${0.42 * Math.abs(photo.light)}"/>
  </linearGradient>
  <filter id="${id('soft')}" color-interpolation-filters="sRGB" filterUnits="userSpaceOnUse" x="${-half - 30}" y="${-face.crownHeight}" width="${face.faceWidth + 60}" height="${face.crownHeight + drop + 10}"><feGaussianBlur stdDeviation="5"/></filter>
  <filter id="${id('fine')}" color-interpolation-filters="sRGB" x="-0.2" y="-0.2" width="1.4" height="1.4"><feGaussianBlur stdDeviation="1.6"/></filter>
</defs>
${both([half + 1, 8, -6], 9, 21, css(darker(skin, 0.22)), 1)}
${both([half + 2, 8, -6], 5, 14, css(darker(skin, 0.42)), 0.6)}
<path d="${outline}" fill="url(#${id('skin')})"/>
<g clip-path="url(#${id('head')})">
  <g filter="url(#${id('soft')})">
    ${spot([0, -face.crownHeight * 0.52, 60], half * 0.5, 17, shine, 0.35)}
    ${both([eye + 6, face.noseLength * 0.62, 58], 17, 11, shine, 0.5)}
    ${spot([0, drop * 0.9, 62], 13, 8, shine, 0.3)}
    ${both([eye + 12, face.noseLength * 0.95, 50], 15, 11, css(blush), 0.45)}
    ${both([half * 0.98, drop * 0.62, 10], 15, 30, shade, 0.35)}
    ${both([eye, -3, 58], 21, 13, shade, 0.5)}
    ${both([eye * 0.42, -1, 60], 7, 11, shade, 0.4)}
    ${spot([0, (face.mouthDrop + drop) / 2 + 1, 66], 17, 4.5, shade, 0.36)}
    ${spot([0, drop + 2, 56], face.chinWidth * 0.8, 5, shade, 0.4)}
  </g>
  <path d="${outline}" fill="none" stroke="${shade}" stroke-width="3.5" opacity="0.4"/>
  <rect x="${-half - 40}" y="${-face.crownHeight - 20}" width="${face.faceWidth + 80}" height="${face.crownHeight + drop + 40}" fill="url(#${id('side')})"/>
</g>`;
}
