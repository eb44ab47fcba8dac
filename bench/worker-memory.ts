/**
 * Whether a worker's memory stays flat: thousands of photos through the whole service, the worker's resident memory read
 * every 500. Starts everything itself and draws its people; prints one line of JSON at the end.
 *
 *   pnpm build && pnpm bench worker-memory [--photos 8000]
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { drawPerson, drawPortrait } from '@facehash/testkit';
import { startService } from '../tests/e2e/start-service.js';

const SAMPLE_EVERY = 500;
const PEOPLE = 4;
const PORTRAITS = 40;
/** More than the worker takes at once, so that it never waits for us. */
const CLIENTS = 4;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { photos: { type: 'string', default: '8000' } } });
  const total = Number(values.photos);
  const service = await startService({ workers: 1, isBuilt: true });
  try {
    const caller = await service.newKey();
    for (let person = 1; person <= PEOPLE; person++) {
      const photos = await Promise.all([0, 1, 2, 3].map((photo) => drawPortrait(drawPerson(person), photo)));
      await caller.ended(await caller.train(`person ${person}`, photos));
    }
    const portraits = await Promise.all(
      Array.from({ length: PORTRAITS }, (_, at) => drawPortrait(drawPerson(1 + (at % 8)), 100 + at)),
    );

    const pid = service.workers[0]!.pid!;
    const rssMb: number[] = [];
    const started = Date.now();
    let sent = 0;
    let done = 0;
    const client = async (): Promise<void> => {
      while (sent < total) {
        const job = await caller.ended(await caller.recognize(portraits[sent++ % PORTRAITS]!));
        if (job.status !== 'succeeded') throw new Error(JSON.stringify(job.error));
        if (++done % SAMPLE_EVERY !== 0) continue;
        rssMb.push(residentMb(pid));
        console.error(
          `${done} photos in ${Math.round((Date.now() - started) / 1000)} s: ${rssMb.at(-1)!} MB`,
        );
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    const growthMb = Math.max(...rssMb.slice(1)) - rssMb[0]!;
    console.log(JSON.stringify({ bench: 'worker-memory', photos: done, rssMb, growthMb }));
  } finally {
    await service.stop();
  }
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
