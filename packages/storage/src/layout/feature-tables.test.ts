import { describe, expect, it } from '@jest/globals';
import type { ObjectStorage } from '../object-storage.js';
import { tableOf } from '../testing/table-of.js';
import { crashingAt, keysOf, temporaryStorage } from '../testing/temporary-storage.js';
import { featureTables, type FeatureTables } from './feature-tables.js';

const [keyId, subject] = ['key_1', 'sub_1'];
const folder = `tenants/${keyId}/features/${subject}/`;

describe('featureTables', () => {
  let storage: ObjectStorage;
  let tables: FeatureTables;
  temporaryStorage((opened) => {
    storage = opened;
    tables = featureTables(storage, keyId);
  });

  it('read an unknown subject as no table', async () => {
    expect(await tables.read(subject)).toEqual([]);
  });

  it('read the batches of a subject as one table, rows with their photos', async () => {
    await tables.write(subject, 'job-0', tableOf(['a', 'b']));
    await tables.write(subject, 'job-1', tableOf(['c']));
    expect(await tables.read(subject)).toEqual([tableOf(['a', 'b', 'c'])]);
  });

  it('take a batch that was tried twice once', async () => {
    await tables.write(subject, 'job-0', tableOf(['a', 'b']));
    await tables.write(subject, 'job-0', tableOf(['a', 'b']));
    expect(await tables.read(subject)).toEqual([tableOf(['a', 'b'])]);
  });

  it('store no table without rows', async () => {
    await tables.write(subject, 'job-0', tableOf([]));
    expect(await keysOf(storage)).toEqual([]);
  });

  it('forget a batch that is deleted', async () => {
    await tables.write(subject, 'job-0', tableOf(['a']));
    await tables.write(subject, 'job-1', tableOf(['b']));
    await tables.deleteBatch(subject, 'job-0');
    await tables.deleteBatch(subject, 'job-0');
    expect(await tables.read(subject)).toEqual([tableOf(['b'])]);
  });

  it('forget a photo in whatever tables have it, and a table with its last row', async () => {
    await tables.write(subject, 'job-0', tableOf(['a', 'b', 'c']));
    await tables.write(subject, 'job-1', tableOf(['b'], { background: 'bg-2', rank: 20 }));
    await tables.deletePhoto(subject, 'b');
    await tables.deletePhoto(subject, 'b');
    expect(await tables.read(subject)).toEqual([tableOf(['a', 'c'])]);
    expect(await keysOf(storage)).toEqual([`${folder}job-0.bin`]);
  });

  it('forget a subject', async () => {
    await tables.write(subject, 'job-0', tableOf(['a']));
    await tables.write('sub_2', 'job-0', tableOf(['b']));
    await tables.deleteAll(subject);
    expect(await tables.read(subject)).toEqual([]);
    expect(await tables.read('sub_2')).toEqual([tableOf(['b'])]);
  });

  it('give rows of another extractor or background as tables of their own, every photo once', async () => {
    await tables.write(subject, 'job-0', tableOf(['a', 'b']));
    await tables.write(subject, 'job-1', tableOf(['b', 'c'], { background: 'bg-2', rank: 20 }));
    await tables.write(subject, 'job-2', tableOf(['d'], { extractor: 'dlib-2' }));
    expect(await tables.read(subject)).toEqual([
      tableOf(['a', 'b']),
      tableOf(['c'], { background: 'bg-2', rank: 20 }),
      tableOf(['d'], { extractor: 'dlib-2' }),
    ]);
  });

  it('name the file that is damaged', async () => {
    await tables.write(subject, 'job-0', tableOf(['a']));
    const file = await storage.get(`${folder}job-0.bin`);
    await storage.put(`${folder}job-0.bin`, file.subarray(0, -100));
    await expect(tables.read(subject)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining(`${folder}job-0.bin" is damaged: its checksum`),
    });
  });

  it('are compacted into the one that is kept', async () => {
    await tables.write(subject, 'kept', tableOf(['a']));
    await tables.write(subject, 'job-0', tableOf(['b', 'c']));
    await tables.compact(subject, 'kept');
    expect(await keysOf(storage)).toEqual([`${folder}kept.bin`]);
    const [table, ...others] = await tables.read(subject);
    expect([...table!.photoIds].sort()).toEqual(['a', 'b', 'c']);
    expect(others).toEqual([]);
  });

  it('are not compacted when they do not fit together', async () => {
    await tables.write(subject, 'job-0', tableOf(['a']));
    await tables.write(subject, 'job-1', tableOf(['b'], { background: 'bg-2' }));
    await tables.compact(subject, 'kept');
    expect(await keysOf(storage)).toEqual([`${folder}job-0.bin`, `${folder}job-1.bin`]);
  });

  it.each([
    ['put', 1],
    ['delete', 1],
    ['delete', 2],
    ['delete', 3],
  ] as const)('lose and double no photo when a compaction crashes at %s %d', async (operation, nth) => {
    for (const photo of ['a', 'b', 'c', 'd']) await tables.write(subject, `job-${photo}`, tableOf([photo]));
    const crashing = featureTables(crashingAt(storage, operation, nth), keyId);
    await expect(crashing.compact(subject, 'job-b')).rejects.toThrow('crashed');
    const [table, ...others] = await tables.read(subject);
    expect([...table!.photoIds].sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(others).toEqual([]);
  });

  it('show a reader during compactions every photo, once', async () => {
    for (const photo of ['a', 'b', 'c', 'd']) await tables.write(subject, `job-${photo}`, tableOf([photo]));
    let done = false;
    const seen = new Set<string>();
    const read = async (): Promise<void> => {
      while (!done) seen.add(JSON.stringify((await tables.read(subject)).map((t) => [...t.photoIds].sort())));
    };
    const compact = async (): Promise<void> => {
      for (let round = 0; round < 30; round++) await tables.compact(subject, `round-${round}`);
      done = true;
    };
    await Promise.all([compact(), read(), read()]);
    expect([...seen]).toEqual(['[["a","b","c","d"]]']);
  });

  it('are replaced by rows projected anew', async () => {
    await tables.write(subject, 'job-0', tableOf(['a']));
    await tables.write(subject, 'job-1', tableOf(['b'], { background: 'bg-2' }));
    await tables.replace(subject, 'kept', tableOf(['a', 'b'], { background: 'bg-3' }));
    expect(await tables.read(subject)).toEqual([tableOf(['a', 'b'], { background: 'bg-3' })]);
    expect(await keysOf(storage)).toEqual([`${folder}kept.bin`]);
  });
});
