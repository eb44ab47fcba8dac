/**
 * Peak memory of the gateway while many uploads are held open at once: each sends all of its image but the last bytes,
 * then all wait for each other. Starts Redis and the built gateway itself, over a folder of its own; prints JSON.
 *
 *   pnpm build && pnpm bench held-uploads [--uploads 200] [--bytes 4800000] [--raw]
 */
import { newSecret } from '@facehash/contracts';
import { apiKeys, openStorage } from '@facehash/storage';
import { freePort, startRedis } from '@facehash/testkit';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

/** What is kept back until every other byte of every upload has arrived. */
const HELD_BYTES = 1000;
/** May still be in sockets and parsers, per upload, when we call an upload held. */
const IN_FLIGHT_BYTES = 128 * 1024;
const OPENING = '--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n';
const CLOSING = '\r\n--b--\r\n';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      uploads: { type: 'string', default: '200' },
      bytes: { type: 'string', default: '4800000' },
      raw: { type: 'boolean', default: false },
    },
  });
  const uploads = Number(values.uploads);
  const bytes = Number(values.bytes);
  const shape = { image: jpegOf(bytes), form: !values.raw };

  const redis = await startRedis();
  const folder = await mkdtemp(join(tmpdir(), 'facehash-held-'));
  const storageUrl = pathToFileURL(folder).href;
  const storage = await openStorage(storageUrl);
  const { secret } = await apiKeys(storage).create({ name: 'bench', now: new Date() });
  const port = await freePort();
  const gateway = startBuiltGateway({ port, redisUrl: redis.url, storageUrl });
  try {
    await until(
      async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.ok === true,
    );
    const idle = memoryMb(gateway, 'VmRSS');

    const posts = Array.from({ length: uploads }, () => open({ port, secret, ...shape }));
    // Nobody has finished, so all bytes but the last lie in files that storage is still receiving.
    await until(
      async () => (await receivedBytes(folder)) >= uploads * (bytes - HELD_BYTES - IN_FLIGHT_BYTES),
    );
    await sleep(1000);
    const held = memoryMb(gateway, 'VmRSS');

    const statuses = await Promise.all(posts.map((post) => finish(post, shape)));
    const answers: Record<number, number> = {};
    for (const status of statuses) answers[status] = (answers[status] ?? 0) + 1;
    const rssMb = { idle, held, peak: memoryMb(gateway, 'VmHWM') };
    console.log(JSON.stringify({ uploads, bytes, form: shape.form, answers, rssMb }));
  } finally {
    const ended = once(gateway, 'close');
    gateway.kill();
    await ended;
    await storage.close();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function startBuiltGateway(at: { port: number; redisUrl: string; storageUrl: string }): ChildProcess {
  const main = fileURLToPath(new URL('../apps/gateway/dist/main.js', import.meta.url));
  return spawn(process.execPath, [main], {
    env: {
      FACEHASH_PORT: String(at.port),
      FACEHASH_REDIS_URL: at.redisUrl,
      FACEHASH_STORAGE_URL: at.storageUrl,
      FACEHASH_LOG_LEVEL: 'warn',
      // Given, so that none is minted and printed among the figures.
      FACEHASH_ADMIN_TOKEN: newSecret(),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** Begins like a JPEG; the gateway looks no further. */
function jpegOf(bytes: number): Buffer {
  const image = Buffer.alloc(bytes, 0x2a);
  Buffer.from('ffd8ffe000104a4649460001', 'hex').copy(image);
  return image;
}

function open(o: { port: number; secret: string; image: Buffer; form: boolean }): ClientRequest {
  const type = o.form ? 'multipart/form-data; boundary=b' : 'image/jpeg';
  const headers = { authorization: `Bearer ${o.secret}`, 'content-type': type };
  const post = request({ port: o.port, method: 'POST', path: '/v1/recognize', headers, agent: false });
  if (o.form) post.write(OPENING);
  post.write(o.image.subarray(0, -HELD_BYTES));
  return post;
}

/** 409 is right for a key without a model: the upload went all the way and was taken back. */
async function finish(
  post: ClientRequest,
  { image, form }: { image: Buffer; form: boolean },
): Promise<number> {
  post.write(image.subarray(-HELD_BYTES));
  post.end(form ? CLOSING : '');
  const [response] = (await once(post, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode ?? 0;
}

async function receivedBytes(folder: string): Promise<number> {
  const incoming = join(folder, '.incoming');
  const files = await Promise.all((await readdir(incoming)).map((name) => stat(join(incoming, name))));
  return files.reduce((sum, { size }) => sum + size, 0);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within two minutes: ${condition.toString()}`);
    await sleep(100);
  }
}

/** Of a process, from the kernel's own books. */
function memoryMb(child: ChildProcess, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
  return Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
}
