import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { RecognizedFace } from '@facehash/contracts';
import sharp from 'sharp';
import type { Answer } from './facehash.js';

const KNOWN = '#2ee6a6';
const UNKNOWN = '#ffb020';

/** Writes each photo with its faces' boxes, landmarks and names drawn over it. */
export async function annotate(answers: readonly Answer[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { photo, image, faces } of answers) {
    const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${image.width}" height="${image.height}">${faces.map(drawFace).join('')}</svg>`;
    await sharp(photo)
      .autoOrient()
      .composite([{ input: Buffer.from(overlay) }])
      .toFile(path.join(folder, path.basename(photo)));
  }
}

function drawFace({ box, landmarks, label, confidence }: RecognizedFace): string {
  const colour = label === null ? UNKNOWN : KNOWN;
  const unit = box.width / 100;
  const points = landmarks.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="${unit}" fill="${colour}"/>`);
  const caption = label === null ? 'unknown' : `${label} ${confidence.toFixed(2)}`;
  const size = 11 * unit;
  return `
    <rect x="${box.left}" y="${box.top}" width="${box.width}" height="${box.height}" fill="none" stroke="${colour}" stroke-width="${1.5 * unit}"/>
    ${points.join('')}
    <rect x="${box.left}" y="${box.top - 1.5 * size}" width="${box.width}" height="${1.5 * size}" fill="${colour}"/>
    <text x="${box.left + box.width / 2}" y="${box.top - 0.4 * size}" font-family="sans-serif" font-size="${size}" text-anchor="middle" fill="#10201a">${caption}</text>`;
}
