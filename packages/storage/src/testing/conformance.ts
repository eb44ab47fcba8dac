import { createHash, randomUUID } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ListedObject, ObjectStorage } from '../object-storage.js';

export interface StorageUnderTest {
  readonly storage: ObjectStorage;
  /** Takes away what lies behind the storage: its server, its folder. */
  readonly vanish: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

const MB = 1024 * 1024;
const SOME = Buffer.from('what was there before');
const ODD_KEYS = [
  '',
  '/a',
  'a//b',
  'a/',
  '../a',
  'a/../b',
  'a/./b',
  '.incoming/a',
  'a/.b',
  'a\\b',
  'a b',
  'ä',
  'a\0b',
  'a?',
  '-a',
  'a'.repeat(201),
  'a/'.repeat(300) + 'a',
];

const keysOf = (storage: ObjectStorage, prefix: string): Promise<string[]> =>
  Readable.from(storage.list(prefix))
    .toArray()
    .then((keys) => (keys as string[]).sort());

/** What every driver promises (object-storage.ts), tried on a real one. */
export function describeStorage(open: () => Promise<StorageUnderTest>): void {
  let opened: StorageUnderTest;
  let storage: ObjectStorage;
  const folder = (): string => `tests/${randomUUID()}/`;
  beforeAll(async () => {
    opened = await open();
    storage = opened.storage;
  });
  afterAll(() => opened.remove());

  describe('put and get', () => {
    it('give back the bytes of a buffer, with their count and SHA-256', async () => {
      const key = `${folder()}a.bin`;
      const body = Buffer.from([0, 255, 13, 10, 0]);
      const stored = await storage.put(key, body);
      expect(stored).toEqual({ bytes: 5, sha256: createHash('sha256').update(body).digest('hex') });
      expect(await storage.get(key)).toEqual(body);
    });

    it('store only the part of a buffer that a view shows', async () => {
      const key = `${folder()}view`;
      await storage.put(key, new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
      expect([...(await storage.get(key))]).toEqual([2, 3]);
    });

    it('take an empty body, from a buffer and from a stream', async () => {
      const at = folder();
      const results = [
        await storage.put(`${at}buffer`, new Uint8Array()),
        await storage.put(`${at}stream`, Readable.from([])),
      ];
      expect(results.map((stored) => stored.bytes)).toEqual([0, 0]);
      expect((await storage.get(`${at}buffer`)).length + (await storage.get(`${at}stream`)).length).toBe(0);
    });

    it('take a stream of 30 MB', async () => {
      const key = `${folder()}large`;
      const chunk = Buffer.alloc(MB, 'x');
      const stored = await storage.put(key, Readable.from(Array.from({ length: 30 }, () => chunk)));
      const read = await storage.get(key);
      expect(stored.bytes).toBe(30 * MB);
      expect(createHash('sha256').update(read).digest('hex')).toBe(stored.sha256);
    });

    it('say NOT_FOUND and undefined for a missing key', async () => {
      const key = `${folder()}missing`;
      await expect(storage.get(key)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await storage.find(key)).toBeUndefined();
    });
  });

  describe('overwriting', () => {
    it('never shows a reader half of an object', async () => {
      const key = `${folder()}overwritten`;
      const bodies = ['a', 'b'].map((letter) => Buffer.alloc(MB, letter));
      await storage.put(key, bodies[0]!);
      let done = false;
      const write = async (): Promise<void> => {
        for (let i = 0; i < 20; i++) await storage.put(key, bodies[i % 2]!);
        done = true;
      };
      const read = async (): Promise<number> => {
        let torn = 0;
        while (!done) {
          const seen = await storage.get(key);
          if (!bodies.some((body) => body.equals(seen))) torn++;
        }
        return torn;
      };
      const [, ...torn] = await Promise.all([write(), read(), read()]);
      expect(torn).toEqual([0, 0]);
    });

    it('leaves one of two writers of a key the winner, whole', async () => {
      const key = `${folder()}contested`;
      const bodies = ['a', 'b', 'c'].map((letter) => Buffer.alloc(300_000, letter));
      await Promise.all(bodies.map((body) => storage.put(key, Readable.from([body]))));
      const winner = await storage.get(key);
      expect(bodies.some((body) => body.equals(winner))).toBe(true);
    });
  });

  describe('a put that fails', () => {
    it('passes on the error of its source and leaves the former object', async () => {
      const at = folder();
      await storage.put(`${at}former`, SOME);
      const broken = (): Readable => {
        const source = new PassThrough();
        source.write(Buffer.alloc(200_000));
        setTimeout(() => source.destroy(new Error('the client hung up')), 20);
        return source;
      };
      await expect(storage.put(`${at}former`, broken())).rejects.toThrow('the client hung up');
      await expect(storage.put(`${at}new`, broken())).rejects.toThrow('the client hung up');
      expect(await storage.get(`${at}former`)).toEqual(SOME);
      expect(await keysOf(storage, at)).toEqual([`${at}former`]);
    });

    it('survives a source that fails before it is read', async () => {
      const source = new PassThrough();
      const put = storage.put(`${folder()}early`, source);
      source.destroy(new Error('gone at once'));
      await expect(put).rejects.toThrow('gone at once');
    });

    it('takes a source that ends before its end for a failure', async () => {
      const at = folder();
      const source = new PassThrough();
      source.write('half');
      setTimeout(() => source.destroy(), 20);
      await expect(storage.put(`${at}aborted`, source)).rejects.toMatchObject({
        code: 'ERR_STREAM_PREMATURE_CLOSE',
      });
      expect(await keysOf(storage, at)).toEqual([]);
    });

    it('stops at maxBytes without waiting for the end, leaving the source to its owner', async () => {
      const at = folder();
      await storage.put(`${at}former`, SOME);
      const endless = new PassThrough();
      endless.write(Buffer.alloc(11));
      await expect(storage.put(`${at}former`, endless, { maxBytes: 10 })).rejects.toMatchObject({
        code: 'IMAGE_TOO_LARGE',
      });
      await expect(storage.put(`${at}new`, Buffer.alloc(11), { maxBytes: 10 })).rejects.toMatchObject({
        code: 'IMAGE_TOO_LARGE',
      });
      await nextTurn();
      expect(endless.destroyed).toBe(false);
      expect(await storage.get(`${at}former`)).toEqual(SOME);
      expect(await keysOf(storage, at)).toEqual([`${at}former`]);
    });

    it('takes exactly maxBytes', async () => {
      const stored = await storage.put(`${folder()}full`, Readable.from([Buffer.alloc(10)]), {
        maxBytes: 10,
      });
      expect(stored.bytes).toBe(10);
    });
  });

  describe('delete', () => {
    it('is idempotent', async () => {
      const key = `${folder()}deleted`;
      await storage.put(key, SOME);
      await storage.delete(key);
      await storage.delete(key);
      expect(await storage.find(key)).toBeUndefined();
    });

    it('of a prefix takes everything below it and nothing beside it', async () => {
      const at = folder();
      for (const name of ['a/1', 'a/b/2', 'ab/3', 'c']) await storage.put(`${at}${name}`, SOME);
      expect(await storage.deletePrefix(`${at}a/`)).toBe(2);
      expect(await keysOf(storage, at)).toEqual([`${at}ab/3`, `${at}c`]);
      expect(await storage.deletePrefix(`${at}a/`)).toBe(0);
    });
  });

  describe('list', () => {
    it('gives every key below a folder, however deep', async () => {
      const at = folder();
      const keys = ['z.json', 'a/1.bin', 'a/b/c/2.bin'].map((name) => `${at}${name}`);
      for (const key of keys) await storage.put(key, SOME);
      expect(await keysOf(storage, at)).toEqual(keys.sort());
      expect(await keysOf(storage, `${at}a/b/`)).toEqual([`${at}a/b/c/2.bin`]);
    });

    it('gives them in the order of their characters, from any of them on', async () => {
      const at = folder();
      // A folder's name alone would sort before `b.json`, what lies in it does not.
      const keys = ['a', 'b-1/z', 'b.json', 'b/1', 'b/2/x', 'b/3', 'b0', 'c/1'].map((name) => `${at}${name}`);
      for (const key of keys.toReversed()) await storage.put(key, SOME);
      const from = async (after?: string) =>
        Readable.from(storage.list(at, after === undefined ? {} : { after: `${at}${after}` })).toArray();
      expect(await from()).toEqual(keys);
      for (const after of ['a', 'b', 'b/', 'b/1', 'b/2', 'b/2/x', 'b/29', 'b/9', 'c/1']) {
        expect([after, await from(after)]).toEqual([after, keys.filter((key) => key > `${at}${after}`)]);
      }
    });

    it('tells when an object was written, anew when it is overwritten', async () => {
      const at = folder();
      // S3 tells whole seconds.
      const earliest = Date.now() - 2000;
      await storage.put(`${at}a/b`, SOME);
      const onlyOne = async () =>
        (await Readable.from(storage.listWithTimes(at)).toArray()) as [ListedObject];
      const [first] = await onlyOne();
      expect(first.key).toBe(`${at}a/b`);
      expect(first.writtenAt.getTime()).toBeGreaterThan(earliest);
      expect(first.writtenAt.getTime()).toBeLessThan(Date.now() + 2000);
      await sleep(1100);
      await storage.put(`${at}a/b`, SOME);
      expect((await onlyOne())[0].writtenAt.getTime()).toBeGreaterThan(first.writtenAt.getTime());
    });

    it('of a folder that never was is empty', async () => {
      expect(await keysOf(storage, folder())).toEqual([]);
    });
  });

  it('deletes nothing of a put that is under way, and no object, as something unfinished', async () => {
    const key = `${folder()}slow`;
    const source = new PassThrough();
    source.write('first half, ');
    const put = storage.put(key, source);
    await sleep(50);
    expect(await storage.deleteUnfinished(60_000)).toBe(0);
    source.end('second half');
    await put;
    await storage.deleteUnfinished(60_000);
    expect((await storage.get(key)).toString()).toBe('first half, second half');
  });

  it.each(ODD_KEYS)('refuses the key %j', async (key) => {
    const refused = expect.objectContaining({ code: 'INTERNAL' });
    await expect(storage.put(key, SOME)).rejects.toEqual(refused);
    await expect(storage.find(key)).rejects.toEqual(refused);
    await expect(storage.delete(key)).rejects.toEqual(refused);
  });

  it.each(['tests', '/', '../', 'a//', './'])('refuses the prefix %j', async (prefix) => {
    await expect(keysOf(storage, prefix)).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(storage.deletePrefix(prefix)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  describe('check', () => {
    it('passes while the storage is there', async () => {
      await expect(storage.check()).resolves.toBeUndefined();
    });

    it('and every write say UNAVAILABLE once it is gone', async () => {
      const doomed = await open();
      await doomed.storage.put('tests/a', SOME);
      await doomed.vanish();
      const reason = doomed.storage.description;
      await expect(doomed.storage.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await expect(doomed.storage.check()).rejects.toThrow(reason);
      await expect(doomed.storage.put('tests/b', SOME)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await expect(doomed.storage.put('tests/c', Readable.from([SOME]))).rejects.toMatchObject({
        code: 'UNAVAILABLE',
      });
      await doomed.remove();
    });
  });
}
