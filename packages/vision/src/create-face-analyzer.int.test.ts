import { fileURLToPath } from 'node:url';
import { drawGroup, drawPerson, drawPortrait, drawScene } from '@facehash/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { createFaceAnalyzer, type FaceAnalyzer } from './create-face-analyzer.js';
import type { DetectedFace } from './detected-face.js';
import { eyeLine } from './stages/face-square.js';
import { unmirrorLandmarks } from './stages/mirror-landmarks.js';

const repository = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

let analyzer: FaceAnalyzer;
let portrait: Buffer;
let face: DetectedFace;

const analyze = (image: Uint8Array, maxFaces = 1) =>
  analyzer.analyze(image, { profile: 'thorough', maxFaces, features: ['ratios'] });

/** Pixels as they are, whatever the turn: nothing but the geometry differs from the portrait. */
const lossless = (image: Sharp) => image.png().toBuffer();

/** Mean distance of corresponding points, in eye distances. */
function deviation(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 2) sum += Math.hypot(a[at]! - b[at]!, a[at + 1]! - b[at + 1]!);
  return sum / (a.length / 2) / eyeLine(b).distance;
}

async function theFace(image: Uint8Array): Promise<DetectedFace> {
  const { faces } = await analyze(image);
  expect(faces).toHaveLength(1);
  return faces[0]!;
}

beforeAll(async () => {
  analyzer = await createFaceAnalyzer({
    cascadesDir: repository('haarcascades'),
    landmarkModelPath: repository('.facehash/models/landmarks-68.flat'),
    slots: 2,
    maxPixels: 50_000_000,
  });
  portrait = await lossless(sharp(await drawPortrait(drawPerson(1), 1)));
  face = await theFace(portrait);
});

afterAll(() => {
  analyzer.close();
  analyzer.close(); // twice is allowed
});

describe('the face analyzer', () => {
  it('finds the face of a portrait, its landmarks within and its size in pixels of the photo', async () => {
    const { image, faces, timings } = await analyze(portrait);
    expect(image).toEqual({ width: 640, height: 480 });
    const { box, landmarks } = faces[0]!;
    expect(landmarks).toHaveLength(136);
    const nose = { x: landmarks[60]!, y: landmarks[61]! };
    expect(nose.x).toBeGreaterThan(box.left + box.width / 4);
    expect(nose.x).toBeLessThan(box.left + (box.width * 3) / 4);
    expect(nose.y).toBeGreaterThan(box.top + box.height / 4);
    expect(nose.y).toBeLessThan(box.top + (box.height * 3) / 4);
    expect(eyeLine(landmarks).distance / box.width).toBeGreaterThan(0.25);
    expect(Object.keys(timings)).toEqual(['decode', 'detect', 'landmarks', 'quality']);
  });

  it('gives the same landmarks for a photo that is stored lying down', async () => {
    const lying = await lossless(sharp(portrait).rotate(270).withMetadata({ orientation: 6 }));
    const { image, faces } = await analyze(lying);
    expect(image).toEqual({ width: 640, height: 480 });
    expect(deviation(faces[0]!.landmarks, face.landmarks)).toBeLessThan(1e-4);
  });

  it('sees the mirror image of a face as its mirror image', async () => {
    const mirrored = await theFace(await lossless(sharp(portrait).flop()));
    expect(deviation(unmirrorLandmarks(mirrored.landmarks, 640), face.landmarks)).toBeLessThan(0.02);
  });

  it('places landmarks in pixels of the photo in full, however it is reduced for the work', async () => {
    const large = await theFace(await sharp(portrait).resize(2560).jpeg({ quality: 95 }).toBuffer());
    const expected = face.landmarks.map((value) => (value + 0.5) * 4 - 0.5);
    expect(deviation(large.landmarks, expected)).toBeLessThan(0.03);
    expect(large.box.width / face.box.width).toBeCloseTo(4, 0);
  });

  it('turns with the head', async () => {
    const turned = await theFace(
      await lossless(sharp(portrait).rotate(10, { background: '#808080' }).resize({ width: 700 })),
    );
    const roll = eyeLine(turned.landmarks).roll - eyeLine(face.landmarks).roll;
    expect(Math.abs((roll * 180) / Math.PI - 10)).toBeLessThan(1);
  });

  it('finds a face that fills the picture to its edges', async () => {
    const { left, top, width, height } = face.box;
    const tight = sharp(portrait).extract({
      left: Math.round(left),
      top: Math.round(top),
      width: Math.round(width),
      height: Math.round(height),
    });
    const found = await theFace(await lossless(tight));
    const expected = face.landmarks.map((value, at) => value - Math.round(at % 2 ? top : left));
    expect(deviation(found.landmarks, expected)).toBeLessThan(0.1);
  });

  it('gives every face of a group, largest first, or only the largest', async () => {
    const group = await drawGroup([drawPerson(1), drawPerson(2), drawPerson(3)], 1);
    const widths = (await analyze(group, 10)).faces.map(({ box }) => box.width);
    expect(widths).toHaveLength(3);
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
    expect((await analyze(group, 2)).faces).toHaveLength(2);
    expect((await analyze(group)).faces).toHaveLength(1);
  });

  it('finds nobody where nobody is, also in a picture of one pixel or one line', async () => {
    const line = { width: 1300, height: 1, channels: 3, background: 'grey' } as const;
    const pictures = [
      await drawScene(1),
      await lossless(sharp({ create: line })),
      await lossless(sharp({ create: { ...line, width: 1 } })),
    ];
    for (const picture of pictures) {
      expect((await analyze(picture)).faces).toEqual([]);
      expect((await analyze(picture, 5)).faces).toEqual([]);
    }
  });

  it('gives the same for many photos at once, more than there are slots, damaged ones among them', async () => {
    const damaged = portrait.subarray(0, portrait.length / 2);
    const outcomes = await Promise.allSettled(
      [portrait, damaged, portrait, portrait, damaged, portrait].map((image) => analyze(image)),
    );
    for (const [at, outcome] of outcomes.entries()) {
      if (at === 1 || at === 4) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'IMAGE_UNREADABLE' } });
      } else {
        expect(outcome).toMatchObject({ status: 'fulfilled', value: { faces: [face] } });
      }
    }
  });
});
