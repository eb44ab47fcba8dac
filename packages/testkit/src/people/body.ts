import { css, darker, lighter } from './colour.js';
import { curve, type Point, type Sketch } from './sketch.js';

/** Neck and shoulders; they stay upright while the head tilts. */
export function drawBody({ person, id }: Sketch): string {
  const { face, looks } = person;
  const chin = face.chinDrop;
  const neck = face.jawWidth * 0.38;
  const shoulder = face.faceWidth * 1.32;
  const bottom = chin + 320;
  const collar = chin + 42;
  const skin = looks.skin;
  const slope = (side: -1 | 1): Point[] => [
    [side * neck * 1.08, collar - 8],
    [side * (neck + 26), collar + 12],
    [side * shoulder * 0.8, collar + 34],
    [side * shoulder, collar + 78],
    [side * shoulder * 1.04, bottom],
  ];
  return `
<defs>
  <linearGradient id="${id('neck')}" gradientUnits="userSpaceOnUse" x1="0" y1="${chin - 10}" x2="0" y2="${collar + 30}">
    <stop offset="0" stop-color="${css(darker(skin, 0.62))}"/>
    <stop offset="0.45" stop-color="${css(darker(skin, 0.42))}"/>
    <stop offset="1" stop-color="${css(darker(skin, 0.16))}"/>
  </linearGradient>
  <linearGradient id="${id('shirt')}" gradientUnits="userSpaceOnUse" x1="0" y1="${collar}" x2="0" y2="${collar + 190}">
    <stop offset="0" stop-color="${css(lighter(looks.shirt, 0.08))}"/>
    <stop offset="1" stop-color="${css(darker(looks.shirt, 0.5))}"/>
  </linearGradient>
</defs>
<path d="M${-neck},${chin - 46}L${neck},${chin - 46}C${neck},${chin + 10} ${neck},${collar - 10} ${neck + 30},${collar + 14}L${-neck - 30},${collar + 14}C${-neck},${collar - 10} ${-neck},${chin + 10} ${-neck},${chin - 46}Z M${-neck - 32},${collar + 10}L${neck + 32},${collar + 10}L0,${collar + 62}Z" fill="url(#${id('neck')})"/>
<path d="${curve(slope(1))}${curve(slope(-1).toReversed()).replace('M', 'L')}C${-neck},${collar + 24} ${-neck * 0.4},${collar + 34} 0,${collar + 34}C${neck * 0.4},${collar + 34} ${neck},${collar + 24} ${neck * 1.08},${collar - 8}Z" fill="url(#${id('shirt')})"/>
<path d="M${-neck * 1.08},${collar - 8}C${-neck},${collar + 24} ${-neck * 0.4},${collar + 34} 0,${collar + 34}C${neck * 0.4},${collar + 34} ${neck},${collar + 24} ${neck * 1.08},${collar - 8}" fill="none" stroke="${css(darker(looks.shirt, 0.42))}" stroke-width="4" opacity="0.7"/>`;
}
