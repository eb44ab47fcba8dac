import { describe, expect, it } from '@jest/globals';
import type { ObjectStorage } from '../object-storage.js';
import { tableOf } from '../testing/table-of.js';
import { keysOf, temporaryStorage } from '../testing/temporary-storage.js';
import { stagedTables } from './staged-tables.js';
import { uploads } from './uploads.js';

describe('stagedTables', () => {
  let storage: ObjectStorage;
  temporaryStorage((opened) => void (storage = opened));

  it('keep the batches that have rows, the last try of each', async () => {
    const staged = stagedTables(storage, 'job_1');
    await staged.write(0, tableOf(['x']));
    await staged.write(0, tableOf(['a', 'b']));
    await staged.write(1, tableOf([]));
    await staged.write(2, tableOf(['c']));
    expect(await staged.read(3)).toEqual([tableOf(['a', 'b']), tableOf(['c'])]);
    expect(await stagedTables(storage, 'job_2').read(3)).toEqual([]);
  });

  it('go with the uploads of their job', async () => {
    await stagedTables(storage, 'job_1').write(0, tableOf(['a']));
    await uploads(storage).deleteAll('job_1');
    expect(await keysOf(storage)).toEqual([]);
  });
});
