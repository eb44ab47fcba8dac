/**
 * How long a key's model takes to fit, threshold included, from projected rows on one core, and how long it takes to
 * project them: 100 and 1 000 labels of 100 photos at the size of the ratios. Drawn numbers: nothing about accuracy.
 *
 *   pnpm bench fit [--json]
 */
import { parseArgs } from 'node:util';
import { fitKeyModel, project, type Background, type SubjectRows } from '@facehash/keras-models';

const SIZE = 2278;
const RANK = 110;
const PHOTOS = 100;
const PROJECTIONS = 500;

const drawBackground = (): Background => ({
  id: 'drawn',
  features: 'drawn',
  size: SIZE,
  rank: RANK,
  weight: 100,
  shrinkage: 0.02,
  origin: 'drawn',
  people: 1,
  photos: 1,
  mean: Float32Array.from({ length: SIZE }, Math.random),
  sd: new Float32Array(SIZE).fill(0.1),
  basis: Float32Array.from({ length: SIZE * RANK }, () => normal() / Math.sqrt(SIZE)),
  within: covariance(1),
  between: covariance(0.5),
});

export async function run(args: string[]): Promise<void> {
  const { json } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } }).values;
  const background = drawBackground();
  const projectMs = timeProjection(background);
  await fitKeyModel(background, drawSubjects(20, 10)); // compiles the loops
  for (const labels of [100, 1000]) {
    const subjects = drawSubjects(labels, PHOTOS);
    const started = performance.now();
    const cpuStarted = process.cpuUsage();
    const { calibration } = await fitKeyModel(background, subjects);
    const figures = {
      fitMs: Math.round(performance.now() - started),
      // Equal to fitMs on an idle machine; the one to read on a busy one.
      fitCpuMs: Math.round(process.cpuUsage(cpuStarted).user / 1000),
      projectMsPerPhoto: +projectMs.toFixed(3),
    };
    process.stdout.write(
      json
        ? `${JSON.stringify({ bench: 'fit', labels, photos: PHOTOS, rank: RANK, calibration, ...figures })}\n`
        : `${labels} labels × ${PHOTOS} photos: fit ${figures.fitMs} ms (CPU ${figures.fitCpuMs}), projecting ${figures.projectMsPerPhoto} ms a photo\n`,
    );
  }
}

function timeProjection(background: Background): number {
  const features = Float32Array.from({ length: SIZE }, Math.random);
  project(background, features);
  const started = process.cpuUsage();
  for (let n = 0; n < PROJECTIONS; n++) project(background, features);
  return process.cpuUsage(started).user / 1000 / PROJECTIONS;
}

function drawSubjects(labels: number, photos: number): SubjectRows[] {
  return Array.from({ length: labels }, (_, subject) => {
    const centre = Float64Array.from({ length: RANK }, normal);
    const rows = Float32Array.from({ length: photos * RANK }, (_, at) => centre[at % RANK]! + normal());
    return { id: `sub_${String(subject).padStart(4, '0')}`, rows, count: photos };
  });
}

/** Dense, so that the eigensolver has its usual work. */
function covariance(scale: number): Float32Array {
  const factor = Array.from({ length: RANK }, () => Float64Array.from({ length: 2 * RANK }, normal));
  return Float32Array.from({ length: RANK * RANK }, (_, at) => {
    const [a, b] = [factor[Math.floor(at / RANK)]!, factor[at % RANK]!];
    return (scale * a.reduce((sum, value, k) => sum + value * b[k]!, 0)) / (2 * RANK);
  });
}

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
