/**
 * What an embedding costs on each engine that is installed, and a whole photo with it: CPU milliseconds and memory, each engine in
 * a process of its own with one thread.
 *
 *   pnpm bench engines [--photos DIR] [--rounds 40] [--json]
 *
 * CPU time of the process and medians over rounds, so that another job on the machine disturbs the figures little. Photos are scaled
 * to 640 × 480 and 1280 × 720; without a folder one is drawn.
 */
import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { selectBackend } from '@facehash/keras-models';
import { drawPerson, drawPortrait } from '@facehash/testkit';
import { createFaceAnalyzer, openEngines, type EngineKind } from '@facehash/vision';
import sharp from 'sharp';

const ENGINES: Record<string, readonly [kind: EngineKind, backend: 'tensorflow' | 'wasm' | undefined]> = {
  opencv: ['opencv', undefined],
  wasm: ['tfjs', 'wasm'],
  tensorflow: ['tfjs', 'tensorflow'],
};
/** What the engines' libraries read before they start their threads. */
const ONE_THREAD = {
  ...{ OMP_NUM_THREADS: '1', TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' },
  ...{ OPENCV_FOR_THREADS_NUM: '1', TF_CPP_MIN_LOG_LEVEL: '3' },
};
const PIXELS = 112 * 112;
const BATCH = 8;
const MOST_PHOTOS = 20;
const SIZES = { vga: [640, 480], hd: [1280, 720] } as const;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      photos: { type: 'string' },
      rounds: { type: 'string', default: '40' },
      json: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  });
  if (values.only !== undefined) {
    const photos = values.photos === undefined ? await drawnPhotos() : await readPhotos(values.photos);
    console.log(JSON.stringify(await costs(values.only, photos, Number(values.rounds))));
    return;
  }
  for (const name of Object.keys(ENGINES)) {
    const main = fileURLToPath(new URL('main.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        ...process.execArgv,
        '--expose-gc',
        main,
        'engines',
        '--only',
        name,
        ...args.filter((arg) => arg !== '--json'),
      ],
      { env: { ...process.env, ...ONE_THREAD }, encoding: 'utf8' },
    );
    const line = stdout.trim().split('\n').at(-1) ?? '';
    if (status !== 0) console.error(`${name}: left out: ${/^.*Error: (.*)$/m.exec(stderr)?.[1] ?? stderr}`);
    else if (values.json) console.log(line);
    else console.log(shown(JSON.parse(line) as Costs));
  }
}

interface Costs {
  readonly bench: 'engines';
  readonly engine: string;
  readonly aloneMs: number;
  readonly batchMs: number;
  /** Of the process, as it is after the faces and before the photos. */
  readonly rssMb: number;
  readonly photoMs: Readonly<Record<keyof typeof SIZES, number>>;
  /** Of so many photos of each size, where a face was found. */
  readonly found: number;
  readonly photos: number;
}

async function costs(name: string, photos: readonly Buffer[], rounds: number): Promise<Costs> {
  const [kind, backend] = ENGINES[name]!;
  if (backend !== undefined) await selectBackend(backend);
  const engines = await openEngines(kind, 1);
  const engine = engines[0]!;
  const faces = Uint8Array.from(
    { length: BATCH * PIXELS },
    (_, at) => 128 + 100 * Math.sin(at / 9) * Math.cos(at / 800),
  );
  const face = faces.subarray(0, PIXELS);
  const aloneMs = await medianCpu(rounds, () => engine.embed(face));
  const batchMs = (await medianCpu(Math.ceil(rounds / 4), () => engine.embed(faces))) / BATCH;
  // What loading the network took and gave back is no part of what the engine holds.
  globalThis.gc?.();
  const rssMb = Math.round(process.memoryUsage.rss() / 1e6);

  const analyzer = await createFaceAnalyzer({
    ...{ engines, slots: 1, maxPixels: 50_000_000, cascadesDir: 'haarcascades' },
    landmarkModelPath: '.facehash/models/landmarks-68.flat',
  });
  let found = 0;
  const photoMs = { vga: 0, hd: 0 };
  for (const [size, [width, height]] of Object.entries(SIZES) as [
    keyof typeof SIZES,
    (typeof SIZES)['vga'],
  ][]) {
    const scaled = await Promise.all(photos.map((photo) => scaledTo(photo, width, height)));
    let at = 0;
    photoMs[size] = await medianCpu(Math.max(rounds, scaled.length), async () => {
      const photo = scaled[at++ % scaled.length]!;
      const { faces: seen } = await analyzer.analyze(photo, {
        ...{ profile: 'balanced', maxFaces: 1, features: ['embedding'] },
      });
      if (at <= scaled.length) found += seen.length;
    });
  }
  analyzer.close();
  const rounded = {
    aloneMs: round(aloneMs),
    batchMs: round(batchMs),
    photoMs: { vga: round(photoMs.vga), hd: round(photoMs.hd) },
  };
  return { bench: 'engines', engine: engine.name, ...rounded, rssMb, found, photos: 2 * photos.length };
}

/** A few rounds first: what is compiled or allocated once is no part of the price. */
async function medianCpu(rounds: number, work: () => Promise<unknown>): Promise<number> {
  for (let round = 0; round < 15; round++) await work();
  const ms: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(start);
    ms.push((user + system) / 1000);
  }
  return ms.sort((a, b) => a - b)[Math.floor(ms.length / 2)]!;
}

function shown({ engine, aloneMs, batchMs, rssMb, photoMs, found, photos }: Costs): string {
  return `${engine}: CPU ${aloneMs} ms a face alone, ${batchMs} in batches of ${BATCH}, ${rssMb} MB; a photo VGA ${photoMs.vga} ms, HD ${photoMs.hd} ms (a face in ${found} of ${photos})`;
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

const scaledTo = (photo: Buffer, width: number, height: number): Promise<Buffer> =>
  sharp(photo).resize(width, height, { fit: 'cover' }).jpeg({ quality: 90 }).toBuffer();

async function drawnPhotos(): Promise<Buffer[]> {
  return [Buffer.from(await drawPortrait(drawPerson(1), 1))];
}

async function readPhotos(folder: string): Promise<Buffer[]> {
  const names = (await readdir(folder)).filter((name) => /\.jpe?g$/i.test(name)).sort();
  const stride = Math.ceil(names.length / MOST_PHOTOS);
  const some = names.filter((_, at) => at % stride === 0);
  return Promise.all(some.map((name) => readFile(path.join(folder, name))));
}
