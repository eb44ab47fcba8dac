/**
 * What the landmark predictor costs: milliseconds a face, milliseconds to open, memory.
 *
 *   pnpm bench landmarks [--model FILE] [--json]
 *
 * Times are CPU time of the whole process, user and system, so that other work on the machine disturbs them little; the
 * median of the rounds is shown. "Private" memory is what a further process adds: the mapped model is shared.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openLandmarkPredictor, type Box, type GreyImage } from '@facehash/dlib-node';

const ROUNDS = 15;
const FACES = 200;

// Waves, not a face: a cascade of trees takes the same steps whatever it sees. 300 pixels is the size of a face crop.
const image: GreyImage = {
  width: 400,
  height: 400,
  data: Uint8Array.from(
    { length: 400 * 400 },
    (_, i) => 127 + 60 * Math.sin(i / 900) + 60 * Math.cos((i % 400) / 37),
  ),
};
const boxes: Box[] = Array.from({ length: FACES }, (_, i) => {
  return { left: 40 + (i % 13), top: 40 + (i % 7), width: 280 + (i % 17), height: 280 + (i % 17) };
});

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string', default: '.facehash/models/landmarks-68.flat' },
      json: { type: 'boolean', default: false },
    },
  });
  const before = memory();
  const opening: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    opening.push(
      await cpuMs(async () => {
        (await openLandmarkPredictor(values.model)).close();
      }),
    );
  }

  const predictor = await openLandmarkPredictor(values.model);
  const together: number[] = [];
  const oneByOne: number[] = [];
  await predictor.predict(image, boxes);
  for (let round = 0; round < ROUNDS; round++) {
    together.push((await cpuMs(() => predictor.predict(image, boxes))) / FACES);
    const each = await cpuMs(async () => {
      for (const box of boxes) await predictor.predict(image, [box]);
    });
    oneByOne.push(each / FACES);
  }
  const after = memory();
  predictor.close();

  const figures = {
    bench: 'landmarks',
    points: predictor.points,
    openCpuMs: median(opening),
    faceCpuMs: median(together),
    faceAloneCpuMs: median(oneByOne),
    rssMb: after.rss - before.rss,
    privateMb: after.own - before.own,
  };
  console.log(
    values.json
      ? JSON.stringify(figures)
      : `open ${figures.openCpuMs.toFixed(1)} ms, a face ${figures.faceCpuMs.toFixed(2)} ms in one call for ${FACES}, ` +
          `${figures.faceAloneCpuMs.toFixed(2)} ms in a call of its own; ` +
          `memory +${figures.rssMb.toFixed(0)} MB, of which private ${figures.privateMb.toFixed(1)} MB`,
  );
}

async function cpuMs(work: () => Promise<unknown>): Promise<number> {
  const started = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

/** Resident memory in MB: all of it, and the part that no file stands behind, so that no other process can share it (Linux). */
function memory(): { rss: number; own: number } {
  const rollup = readFileSync('/proc/self/smaps_rollup', 'utf8');
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]);
  return { rss: kilobytes('Rss') / 1024, own: kilobytes('Anonymous') / 1024 };
}
