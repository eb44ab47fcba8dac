import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newModelVersion, type Subject } from '@facehash/contracts';
import { selectBackend } from '@facehash/keras-models';
import { featureTables, models, type FeatureTable, type ObjectStorage } from '@facehash/storage';
import { shippedBackgrounds, type Backgrounds } from '../backgrounds.js';
import { useStorage } from '../testing/use-storage.js';
import { fitModel } from './fit-model.js';
import { gatherStatistics, type GatheredStatistics, type StatisticsRequest } from './gather-statistics.js';

const PEOPLE = 16;
const keyId = 'key_statistics';

const opened = useStorage();
let storage: ObjectStorage;
let backgrounds: Backgrounds;
/** Keys of feature tables that were read since the last look. */
let tablesRead: string[];
let people: Subject[];

beforeAll(async () => {
  await selectBackend('wasm');
});
beforeEach(async () => {
  storage = {
    ...opened,
    find: (key) => {
      if (key.includes('/features/')) tablesRead.push(key);
      return opened.find(key);
    },
  };
  backgrounds = await shippedBackgrounds();
  people = Array.from({ length: PEOPLE }, (_, n) => subject(n));
  for (const [n, { id }] of people.entries())
    await featureTables(storage, keyId).write(id, 'first', table(n, 0, 3));
  tablesRead = [];
});

const subject = (n: number): Subject => {
  const id = `sub_${String(n).padStart(2, '0')}`;
  return { id, label: `person ${n}`, createdAt: new Date(0).toISOString() };
};

/** Photos of a drawn person, from one to another. */
function table(person: number, from: number, to: number): FeatureTable {
  const photos = Array.from({ length: to - from }, (_, n) => from + n);
  const column = (width: number, scale: number) =>
    Float32Array.from(
      photos.flatMap((photo) =>
        Array.from(
          { length: width },
          (_, j) => scale * (Math.sin(person * 97 + j * 1.7) + 0.3 * Math.sin(photo * 31 + j * 2.3 + person)),
        ),
      ),
    );
  return {
    extractor: 'drawn',
    background: backgrounds.ratios.id,
    photoIds: photos.map((photo) => `pho_${person}_${photo}`),
    columns: {
      landmarks: column(136, 50),
      projection: column(backgrounds.ratios.rank, 2),
      embedding: column(128, 1),
    },
  };
}

const gather = (request: Partial<StatisticsRequest> = {}) =>
  gatherStatistics({ storage, backgrounds }, { keyId, people, ...request });

/** As a training does, and its compaction. */
async function publish(gathered: GatheredStatistics): Promise<string> {
  const version = newModelVersion(Date.now());
  const before = undefined;
  const model = await fitModel({ storage, backgrounds }, gathered, people, {
    ...{ keyId, jobId: 'job_1', before, now: new Date() },
  });
  await models(storage, keyId).publish({ ...model, card: { ...model.card, version } });
  return version;
}

/** As the training of one person does: the tables come, and become one. */
async function train(n: number, from: number, to: number, version: string) {
  const { id } = people[n]!;
  const staged = new Map([[id, [table(n, from, to)]]]);
  const gathered = (await gather({ version, staged, compactedAs: 'job_2' }))!;
  const looked = tablesRead.splice(0);
  await featureTables(storage, keyId).write(id, 'second', table(n, from, to));
  await featureTables(storage, keyId).compact(id, 'job_2');
  tablesRead = [];
  return { gathered, looked };
}

function expectSame(one: GatheredStatistics, other: GatheredStatistics): void {
  expect(one.tables).toEqual(other.tables);
  for (const features of ['ratios', 'embedding'] as const) {
    const [a, b] = [one.statistics[features], other.statistics[features]];
    expect(a.sample).toEqual(b.sample);
    expect(a.people.map(({ id, count }) => [id, count])).toEqual(
      b.people.map(({ id, count }) => [id, count]),
    );
    for (const [at, scatter] of a.scatters.entries()) {
      const apart = scatter.map((value, j) => Math.abs(value - b.scatters[at]![j]!));
      expect(apart.reduce((x, y) => Math.max(x, y))).toBeLessThan(1e-9);
    }
  }
}

describe('the statistics of a key', () => {
  it("come from the last model and the tables of the person who was trained: nobody else's are read", async () => {
    const version = await publish((await gather())!);
    tablesRead = [];
    const { gathered, looked } = await train(5, 3, 5, version);
    expect(looked).toHaveLength(1);
    expect(looked[0]).toContain('/sub_05/');
    expectSame(gathered, (await gather())!);

    // And the next training goes on from that.
    const next = await publish(gathered);
    tablesRead = [];
    const again = await train(7, 3, 4, next);
    expect(again.looked.every((key) => key.includes('/sub_07/'))).toBe(true);
    expectSame(again.gathered, (await gather())!);
  });

  it('take in a newcomer, and photos that were added without a training', async () => {
    const version = await publish((await gather())!);
    await featureTables(storage, keyId).write('sub_03', 'untrained', table(3, 3, 6));
    people.push(subject(PEOPLE));
    tablesRead = [];
    const { gathered, looked } = await train(PEOPLE, 0, 2, version);
    expect(looked.every((key) => /sub_(03|16)/.test(key))).toBe(true);
    expectSame(gathered, (await gather())!);
  });

  it('come from all tables when they were forgotten, are damaged, or hold somebody or something that has gone', async () => {
    const version = await publish((await gather())!);
    const readFor = async (from: string) => {
      tablesRead = [];
      const gathered = (await gather({ version: from }))!;
      const looked = tablesRead.length;
      expectSame(gathered, (await gather())!);
      return looked;
    };
    expect(await readFor(version)).toBe(0);

    await featureTables(storage, keyId).replace('sub_02', 'less', table(2, 0, 2));
    // Theirs, which shows it, and then everybody's.
    expect(await readFor(version)).toBe(1 + people.length);
    const without = await publish((await gather())!);
    const gone = people.pop()!;
    await featureTables(storage, keyId).deleteAll(gone.id);
    expect(await readFor(without)).toBe(people.length);

    const next = await publish((await gather())!);
    await storage.put(`tenants/${keyId}/models/${next}/statistics/ratios.bin`, Buffer.from('FHST and more'));
    expect(await readFor(next)).toBe(people.length);
    const last = await publish((await gather())!);
    await models(storage, keyId).forgetStatistics(last);
    expect(await readFor(last)).toBe(people.length);
  });

  it('are not stored for a key of twelve, which is read as quickly', async () => {
    people = people.slice(0, 12);
    const version = await publish((await gather())!);
    expect(await models(storage, keyId).statistics(version, ['ratios', 'embedding'])).toBeUndefined();
  });

  it('are none where nobody has a photo', async () => {
    people = [subject(77)];
    expect(await gather()).toBeUndefined();
  });
});
