import { css, darker, lighter } from './colour.js';
import { continued, curve, type Point, type Sketch } from './sketch.js';

/** Neck and shoulders; they stay upright while the head tilts. */
export function drawBody({ person, id }: Sketch): string {
  const { face, looks } = person;
  const chin = face.chinDrop;
  const neck = face.jawWidth * 0.38;
  const shoulder = face.faceWidth * 1.32;
  const bottom = chin + 320;
  const collar = chin + 30;
  const skin = looks.skin;
  const slope = (side: -1 | 1): Point[] => [
    [side * (neck + 1), collar],
    [side * (neck + 22), collar + 14],
    [side * shoulder * 0.78, collar + 34],
    [side * shoulder * 0.98, collar + 72],
    [side * shoulder * 1.05, bottom],
  ];
  const neckline = `C${neck * 0.95},${collar + 34} ${-neck * 0.95},${collar + 34} ${-neck - 1},${collar}`;
  return `
<defs>
  <linearGradient id="${id('neck')}" gradientUnits="userSpaceOnUse" x1="0" y1="${chin - 10}" x2="0" y2="${collar + 30}">
    <stop offset="0" stop-color="${css(darker(skin, 0.55))}"/>
    <stop offset="0.45" stop-color="${css(darker(skin, 0.4))}"/>
    <stop offset="1" stop-color="${css(darker(skin, 0.26))}"/>
  </linearGradient>
  <linearGradient id="${id('shirt')}" gradientUnits="userSpaceOnUse" x1="0" y1="${collar}" x2="0" y2="${collar + 190}">
    <stop offset="0" stop-color="${css(lighter(looks.shirt, 0.08))}"/>
    <stop offset="1" stop-color="${css(darker(looks.shirt, 0.5))}"/>
  </linearGradient>
</defs>
<path d="M${-neck},${chin - 46}L${neck},${chin - 46}L${neck + 2},${collar + 40}L${-neck - 2},${collar + 40}Z" fill="url(#${id('neck')})"/>
<path d="${curve(slope(-1).toReversed())}C${-neck * 0.95},${collar + 34} ${neck * 0.95},${collar + 34} ${neck + 1},${collar}${continued(slope(1))}Z" fill="url(#${id('shirt')})"/>
<path d="M${neck + 1},${collar}${neckline}" fill="none" stroke="${css(darker(looks.shirt, 0.42))}" stroke-width="3" stroke-linecap="round" opacity="0.35"/>`;
}
