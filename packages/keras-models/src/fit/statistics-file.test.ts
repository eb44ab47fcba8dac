import { describe, expect, it } from '@jest/globals';
import { drawPeople, syntheticBackground } from '../synthetic-people.js';
import { statisticsOf } from './fit-key-model.js';
import { parseStatistics, serializeStatistics } from './statistics-file.js';
import { withRows } from './with-rows.js';

const background = syntheticBackground({ size: 30, rank: 11, seed: 1 });
const people = drawPeople(background, 20, (person) => 1 + (person % 5), 2);
const statistics = statisticsOf(background, people);

describe('a file of statistics', () => {
  it('holds every number, of named photos and others, and what it holds can grow', () => {
    const named = people.map((one) => ({
      ...one,
      photoIds: Array.from({ length: one.count }, (_, photo) => `pho_${photo}`),
    }));
    for (const each of [statistics, statisticsOf(background, named)]) {
      const read = parseStatistics(background, serializeStatistics(background, each))!;
      expect(read).toEqual(each);
      const more = drawPeople(background, 21, 3, 4).slice(20);
      expect(withRows(read, more)).toEqual(withRows(each, more));
    }
  });

  it('says nothing about another background', () => {
    const other = syntheticBackground({ size: 30, rank: 11, seed: 2 });
    expect(parseStatistics(other, serializeStatistics(background, statistics))).toBeUndefined();
  });

  it.each<[string, (file: Uint8Array) => Uint8Array]>([
    ['is empty', () => new Uint8Array()],
    ['is something else', (file) => Uint8Array.from([...Buffer.from('GIF8'), ...file.subarray(4)])],
    ['has a flipped bit', (file) => file.map((value, at) => (at === 5000 ? value ^ 1 : value))],
    ['is cut', (file) => file.subarray(0, file.length / 2)],
  ])('is refused when it %s', (_, spoil) => {
    const spoilt = spoil(Uint8Array.from(serializeStatistics(background, statistics)));
    expect(() => parseStatistics(background, spoilt)).toThrow(
      expect.objectContaining({ code: 'MODEL_CORRUPT' }),
    );
  });
});
