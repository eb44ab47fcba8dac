import { seededRandom } from '@facehash/keras-models';
import { drawScene } from '@facehash/testkit';
import type { FaceAnalyzer } from '@facehash/vision';
import sharp from 'sharp';

const [WIDTH, HEIGHT] = [640, 480];
const OF_EACH_KIND = 25;

type Random = () => number;
/** Brightness, 0 to 1, at a pixel. */
type Texture = (x: number, y: number) => number;

export interface FaceFreeFigures {
  readonly pictures: number;
  /** Pictures in which a recognition reports a face: where the embedding judges, and where the cascades alone do. */
  readonly withFace: { readonly embedding: number; readonly ratios: number };
}

/** Textures and scenes, made by code, in which nobody is; searched as a recognition with the usual profile does. */
export async function countFacesWhereNoneAre(analyzer: FaceAnalyzer): Promise<FaceFreeFigures> {
  const pictures = Object.values(KINDS).flatMap((draw) =>
    Array.from({ length: OF_EACH_KIND }, (_, seed) => () => draw(seed)),
  );
  const withFace = { embedding: 0, ratios: 0 };
  await Promise.all(
    pictures.map(async (draw) => {
      const picture = await draw();
      for (const features of ['embedding', 'ratios'] as const) {
        const options = { profile: 'balanced', maxFaces: 1, features: [features] } as const;
        const { faces } = await analyzer.analyze(picture, options);
        if (faces.length > 0) withFace[features]++;
      }
    }),
  );
  return { pictures: pictures.length, withFace };
}

const KINDS: Readonly<Record<string, (seed: number) => Promise<Buffer>>> = {
  scene: drawScene,
  noise: texture((random) => () => random()),
  clouds: texture((random) => {
    const layers = [3, 6, 12, 24, 48].map((cells) => ({ cells, noise: smoothNoise(cells, random) }));
    return (x, y) => layers.reduce((sum, { cells, noise }) => sum + (1.6 * noise(x, y)) / cells, 0);
  }),
  grating: texture((random) => {
    const [angle, period, second] = [Math.PI * random(), 8 + 90 * random(), random() < 0.5 ? 1 : 0];
    const wave = (along: number): number => 0.5 + 0.5 * Math.sin((2 * Math.PI * along) / period);
    return (x, y) => {
      const [u, v] = [x * Math.cos(angle) + y * Math.sin(angle), y * Math.cos(angle) - x * Math.sin(angle)];
      return (wave(u) + second * wave(v)) / (1 + second);
    };
  }),
  bricks: texture((random) => {
    const [width, height] = [40 + 60 * random(), 20 + 30 * random()];
    const shade = smoothNoise(30, random);
    return (x, y) => {
      const row = Math.floor(y / height);
      const inMortar = y % height < 4 || (x + (row % 2) * (width / 2)) % width < 4;
      return inMortar ? 0.85 : 0.3 + 0.35 * shade(x, y);
    };
  }),
  wood: texture((random) => {
    const [bend, grain] = [smoothNoise(4, random), smoothNoise(80, random)];
    const rings = 8 + 20 * random();
    return (x, y) =>
      0.5 + 0.35 * Math.sin(rings * (bend(x, y) + (0.6 * y) / HEIGHT) * 6) + 0.15 * grain(x, y);
  }),
  text: drawn((random) => {
    const size = 12 + 40 * random();
    const words = [
      'photo',
      'ratio',
      'model',
      'label',
      'queue',
      'OCTOBER',
      '80%',
      'and',
      'of',
      'Q&amp;A',
      '(8)',
      'oo',
    ];
    const line = (): string =>
      Array.from({ length: 14 }, () => words[Math.floor(random() * words.length)]!).join(' ');
    return Array.from(
      { length: Math.ceil(HEIGHT / (1.4 * size)) },
      (_, row) =>
        `<text x="12" y="${(row + 1) * 1.4 * size}" font-family="DejaVu Serif, serif" font-size="${size}">${line()}</text>`,
    ).join('');
  }),
  facade: drawn((random) => {
    const [columns, rows] = [3 + Math.floor(6 * random()), 3 + Math.floor(5 * random())];
    const [w, h] = [WIDTH / columns, HEIGHT / rows];
    return Array.from({ length: columns * rows }, (_, at) => {
      const [x, y] = [(at % columns) * w, Math.floor(at / columns) * h];
      const grey = Math.floor(20 + 140 * random());
      return `<rect x="${x + 0.2 * w}" y="${y + 0.2 * h}" width="${0.6 * w}" height="${0.6 * h}" fill="rgb(${grey},${grey},${grey})" stroke="#888" stroke-width="4"/><path d="M${x + 0.5 * w},${y + 0.2 * h}v${0.6 * h}" stroke="#777" stroke-width="4"/>`;
    }).join('');
  }),
};

function texture(make: (random: Random) => Texture): (seed: number) => Promise<Buffer> {
  return (seed) => {
    const at = make(seededRandom(seed));
    const pixels = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, pixel) =>
      Math.min(255, Math.max(0, 255 * at(pixel % WIDTH, Math.floor(pixel / WIDTH)))),
    );
    return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
      .jpeg({ quality: 90 })
      .toBuffer();
  };
}

function drawn(make: (random: Random) => string): (seed: number) => Promise<Buffer> {
  return (seed) => {
    const content = make(seededRandom(seed));
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="100%" height="100%" fill="#cfcac2"/>${content}</svg>`;
    return sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer();
  };
}

/** Random values at `cells` places across the picture, smooth between them. */
function smoothNoise(cells: number, random: Random): Texture {
  const side = cells + 2;
  const values = Float64Array.from({ length: side * side }, random);
  return (x, y) => {
    const [u, v] = [(x / WIDTH) * cells, (y / WIDTH) * cells];
    const [column, row] = [Math.floor(u), Math.floor(v)];
    const [right, down] = [smooth(u - column), smooth(v - row)];
    const at = row * side + column;
    const above = values[at]! * (1 - right) + values[at + 1]! * right;
    const below = values[at + side]! * (1 - right) + values[at + side + 1]! * right;
    return above * (1 - down) + below * down;
  };
}

const smooth = (t: number): number => t * t * (3 - 2 * t);
