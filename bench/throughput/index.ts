/**
 * What a worker and a gateway can do and need, for docs/growth.md: photos a second and CPU a photo through the whole service
 * with one worker and with two, memory, Redis' bytes a job and the storage's bytes a key. Starts the built service itself and
 * draws its people; a JSON line per feature set and number of workers, and one for memory and storage.
 *
 *   pnpm build && pnpm bench throughput [--photos 400] [--workers 2] [--people 8] [--jobs 500] [--keys 1000]
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { createClient } from '@facehash/client';
import { FEATURE_SET_NAMES } from '@facehash/contracts';
import { apiKeys } from '@facehash/storage';
import { drawPerson, drawPortrait } from '@facehash/testkit';
import { startService, type Service } from '../../tests/e2e/start-service.js';
import { percentile } from '../percentile.js';
import { manyKeys, redisBytesPerJob, storedBytes } from './footprint.js';
import { cpuMs, memoryMb } from './processes.js';

const PHOTOS_EACH = 5;
/** What is asked is what is not enrolled, of people known and unknown. */
const PORTRAITS = 40;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      photos: { type: 'string', default: '400' },
      workers: { type: 'string', default: '2' },
      people: { type: 'string', default: '8' },
      jobs: { type: 'string', default: '500' },
      keys: { type: 'string', default: '1000' },
    },
  });
  const people = await draw(Number(values.people));
  const portraits = await Promise.all(
    Array.from({ length: PORTRAITS }, (_, at) =>
      drawPortrait(drawPerson(1 + (at % (2 * people.length))), 100 + at),
    ),
  );
  const photoBytes = Math.round(portraits.reduce((sum, { length }) => sum + length, 0) / PORTRAITS);
  const machine = { cpu: cpus()[0]!.model, cores: availableParallelism(), node: process.version };
  console.log(JSON.stringify({ bench: 'throughput', ...machine, people: people.length, photoBytes }));

  const service = await startService({ workers: 1, isBuilt: true });
  try {
    const callers = [];
    for (const features of FEATURE_SET_NAMES) {
      const { key, secret } = await apiKeys(service.storage).create({
        name: features,
        features,
        now: new Date(),
      });
      const client = createClient({ url: service.url, key: secret });
      const before = used(service);
      const { training } = await client.enrolAll(people);
      if (training?.status !== 'succeeded')
        throw new Error(`the training failed: ${JSON.stringify(training)}`);
      const enrolled = people.length * PHOTOS_EACH;
      const stored = await storedBytes(service.storage, key.id);
      console.log(
        JSON.stringify({ features, enrolled, cpuMsPerPhoto: perPhoto(service, before, enrolled), stored }),
      );
      callers.push({ features, secret, client });
    }

    for (let workers = 1; workers <= Number(values.workers); workers++) {
      if (workers > 1) await service.addWorker();
      for (const { features, client } of callers) {
        const ask = async (at: number): Promise<void> => {
          await (await client.recognize(portraits[at % PORTRAITS]!)).result();
        };
        // Every worker loads the key's model once, and both processes compile.
        await inParallel(4 * workers, 20 * workers, ask);
        const photos = Number(values.photos) * workers;
        const before = used(service);
        const startedAt = performance.now();
        const ms = await inParallel(4 * workers, photos, ask);
        const seconds = (performance.now() - startedAt) / 1000;
        console.log(
          JSON.stringify({
            ...{ features, workers, photos },
            photosPerSecond: round(photos / seconds),
            msAtClient: { p50: round(percentile(ms, 0.5)), p99: round(percentile(ms, 0.99)) },
            cpuMsPerPhoto: perPhoto(service, before, photos),
            memoryMb: {
              gateway: memoryMb(service.gateway.pid!),
              workers: service.workers.map(({ pid }) => memoryMb(pid!)),
              redis: memoryMb(service.redis.process.pid),
            },
          }),
        );
      }
    }

    const redisBytes = await redisBytesPerJob(service, {
      ...{ secret: callers[0]!.secret, image: portraits[0]! },
      jobs: Number(values.jobs),
    });
    const keys = await manyKeys(service.storage, Number(values.keys));
    console.log(JSON.stringify({ redisBytesPerJob: redisBytes, keys }));
  } finally {
    await service.stop();
  }
}

function draw(count: number): Promise<{ label: string; photos: Buffer[] }[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, at) => ({
      label: `person ${at + 1}`,
      photos: await Promise.all(
        Array.from({ length: PHOTOS_EACH }, (_, photo) => drawPortrait(drawPerson(at + 1), photo)),
      ),
    })),
  );
}

interface Used {
  readonly gateway: number;
  readonly workers: number;
  readonly redis: number;
}

function used({ gateway, workers, redis }: Service): Used {
  return {
    gateway: cpuMs(gateway.pid!),
    workers: workers.reduce((sum, { pid }) => sum + cpuMs(pid!), 0),
    redis: cpuMs(redis.process.pid),
  };
}

function perPhoto(service: Service, before: Used, photos: number): Used {
  const now = used(service);
  return {
    gateway: round((now.gateway - before.gateway) / photos),
    workers: round((now.workers - before.workers) / photos),
    redis: round((now.redis - before.redis) / photos),
  };
}

/** @returns how long each took, in ms, ascending */
async function inParallel(
  clients: number,
  times: number,
  ask: (at: number) => Promise<void>,
): Promise<number[]> {
  const ms: number[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < times) {
      const startedAt = performance.now();
      await ask(next++);
      ms.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return ms.sort((a, b) => a - b);
}

const round = (value: number): number => Number(value.toFixed(1));
