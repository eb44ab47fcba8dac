import { readdir, readlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from '@jest/globals';
import { freePort, startMinio } from '@facehash/testkit';
import { openStorage } from '../open-storage.js';
import { describeStorage, type StorageUnderTest } from '../testing/conformance.js';

const minio = await startMinio();
if (minio === undefined) console.warn('The S3 suite is skipped: there is no minio on this machine.');
const ifMinio = minio === undefined ? describe.skip : describe;
const url = minio?.url ?? '';

async function openOnMinio(): Promise<StorageUnderTest> {
  const own = await startMinio();
  if (own === undefined) throw new Error('the minio of this machine has vanished');
  const storage = await openStorage(own.url);
  return {
    storage,
    vanish: own.stop,
    remove: async () => {
      await storage.close();
      await own.stop();
    },
  };
}

ifMinio('S3 storage', () => {
  afterAll(() => minio?.stop());
  describeStorage(openOnMinio);

  it('lists and deletes more than a page of 1000 objects', async () => {
    const storage = await openStorage(url);
    const keys = Array.from({ length: 1005 }, (_, i) => `many/${i}`);
    await Promise.all(keys.map((key) => storage.put(key, Buffer.from('.'))));
    expect(await Readable.from(storage.list('many/')).toArray()).toEqual(keys.sort());
    // More than a page again: the second must not begin where the first did.
    const after = keys[2]!;
    expect(await Readable.from(storage.list('many/', { after })).toArray()).toEqual(keys.slice(3));
    expect(await storage.deletePrefix('many/')).toBe(1005);
    expect(await Readable.from(storage.list('many/')).toArray()).toEqual([]);
    await storage.close();
  });

  it('holds 200 slow uploads open without holding their bytes, and keeps no spool file', async () => {
    const storage = await openStorage(url);
    const [chunkBytes, chunks] = [16 * 1024, 32];
    const before = bytesHeld();
    const sources = Array.from({ length: 200 }, () => new PassThrough());
    const puts = sources.map((source, i) => storage.put(`slow/${i}`, source));
    for (let chunk = 0; chunk < chunks; chunk++) {
      await Promise.all(
        sources.map((source) => new Promise((taken) => source.write(Buffer.alloc(chunkBytes), taken))),
      );
    }
    // What is on its way to the disk at this moment is not held: a busy machine takes its time.
    const isLittle = (): boolean => bytesHeld() - before < 20 * 1024 * 1024;
    for (let waits = 0; waits < 100 && !isLittle(); waits++) await sleep(50);
    expect(isLittle()).toBe(true);
    for (const source of sources) source.end();
    const stored = await Promise.all(puts);
    expect(stored.every(({ bytes }) => bytes === chunks * chunkBytes)).toBe(true);
    expect(await openSpoolFiles()).toEqual([]);
    await storage.close();
  });

  it('creates its bucket, also when two processes open it at once', async () => {
    const fresh = url.replace(/\/[^/]+$/, '/created-at-open');
    const both = await Promise.all([openStorage(fresh), openStorage(fresh)]);
    await both[0].put('a', Buffer.from('a'));
    expect((await both[1].get('a')).toString()).toBe('a');
    await Promise.all(both.map((storage) => storage.close()));
  });

  it('is waited for while it starts', async () => {
    const port = await freePort();
    const opening = openStorage(`s3://access:secret@127.0.0.1:${port}/bucket`, { waitMs: 10_000 });
    await sleep(1_000);
    const server = createServer((_request, response) => response.writeHead(200).end());
    await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
    const storage = await opening;
    await storage.close();
    server.close();
  });

  it('says that a secret is refused, without repeating it', async () => {
    const wrong = new URL(url);
    wrong.password = 'not-the-secret';
    const error = await openStorage(wrong.href).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(String(error)).toMatch(/secret is refused/);
    expect(String(error)).not.toContain('not-the-secret');
  });
});

describe('S3 storage against a server that only counts', () => {
  it('sends every body as one PUT, at most 8 at once', async () => {
    const seen: string[] = [];
    let running = 0;
    let most = 0;
    const server = await countingServer(async (request, response) => {
      seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
      most = Math.max(most, ++running);
      request.resume();
      await finished(request);
      await sleep(20);
      running--;
      response.writeHead(200, { etag: '"x"' }).end();
    });
    const storage = await openStorage(server.url);
    seen.length = 0;
    const sixMegabytes = Array.from({ length: 6 }, () => Buffer.alloc(1024 * 1024));
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        storage.put(`a/${i}`, i % 10 === 0 ? Readable.from(sixMegabytes) : Buffer.from('small')),
      ),
    );
    expect(seen.sort()).toEqual(Array.from({ length: 30 }, (_, i) => `PUT /bucket/a/${i}`).sort());
    expect(most).toBe(8);
    await storage.close();
    server.close();
  });

  it('sends again what broke on its way, whole, and asks again for what was torn', async () => {
    const tries: Record<string, number> = {};
    let stored = '';
    const server = await countingServer(async (request, response) => {
      if (request.method === 'HEAD') return void response.writeHead(200).end();
      const name = request.url?.split('/').at(-1) ?? '';
      tries[name] = (tries[name] ?? 0) + 1;
      if (name === 'lost' || tries[name] < 3) return void response.destroy();
      if (request.method === 'PUT') stored = await text(request);
      response.writeHead(200, { etag: '"x"' }).end('whole');
    });
    const storage = await openStorage(server.url);
    await storage.put('photo', Readable.from([Buffer.from('of '), Buffer.from('Ada')]));
    expect(stored).toBe('of Ada');
    expect((await storage.get('answer')).toString()).toBe('whole');
    await expect(storage.get('lost')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(tries).toEqual({ photo: 3, answer: 3, lost: 3 });
    await storage.close();
    server.close();
  });

  it('takes an overloaded server and a torn answer for UNAVAILABLE', async () => {
    const server = await countingServer((request, response) => {
      request.resume();
      if (request.method === 'HEAD') response.writeHead(200).end();
      else if (request.url === '/bucket/busy') response.writeHead(503).end();
      else response.writeHead(200, { 'content-length': 1000 }).write('half', () => response.destroy());
    });
    const storage = await openStorage(server.url);
    await expect(storage.get('busy')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(storage.get('torn')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await storage.close();
    server.close();
  });
});

async function countingServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `s3://access:secret@127.0.0.1:${port}/bucket`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Buffers that are still referred to: without a collection the ones already written would count as well. */
function bytesHeld(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}

async function openSpoolFiles(): Promise<string[]> {
  const descriptors = await readdir('/proc/self/fd').catch(() => []);
  const targets = await Promise.all(
    descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')),
  );
  return targets.filter((target) => target.includes('facehash-spool'));
}
