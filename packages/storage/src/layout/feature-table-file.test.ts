import { describe, expect, it } from '@jest/globals';
import { tableOf } from '../testing/table-of.js';
import { parseFeatureTable, serializeFeatureTable } from './feature-table-file.js';

describe('the feature table file', () => {
  const table = tableOf(['a', 'b', 'c']);
  const file = serializeFeatureTable(table);

  it('gives back what was written, bit by bit', () => {
    const odd = tableOf(['photo'], { rank: 1 });
    odd.columns.projection[0] = Number.NaN;
    odd.columns.landmarks.set([-0, 1e-45, Infinity]);
    expect(parseFeatureTable(serializeFeatureTable(odd))).toEqual(odd);
    expect(parseFeatureTable(file)).toEqual(table);
  });

  it('keeps columns that this version does not know', () => {
    const withEmbedding = {
      ...table,
      columns: { ...table.columns, embedding: new Float32Array(3 * 128).fill(2) },
    };
    expect(parseFeatureTable(serializeFeatureTable(withEmbedding))).toEqual(withEmbedding);
  });

  it('writes views of larger arrays as the part they show', () => {
    const large = new Float32Array(1000).fill(7);
    const view = {
      ...tableOf(['a']),
      columns: {
        landmarks: large.subarray(3, 139),
        projection: large.subarray(9, 19),
        embedding: large.subarray(9, 137),
      },
    };
    expect(parseFeatureTable(serializeFeatureTable(view)).columns.landmarks).toEqual(
      new Float32Array(136).fill(7),
    );
  });

  it('is refused with any one byte changed', () => {
    for (let at = 0; at < file.length; at += 7) {
      const changed = Buffer.from(file);
      changed[at]! ^= 1;
      expect(() => parseFeatureTable(changed)).toThrow();
    }
  });

  it('is refused cut short anywhere, or with bytes after it', () => {
    for (let length = 0; length < file.length; length += 11) {
      expect(() => parseFeatureTable(file.subarray(0, length))).toThrow();
    }
    expect(() => parseFeatureTable(Buffer.concat([file, Buffer.from('x')]))).toThrow('checksum');
  });

  it('is not written with part of a row', () => {
    const ragged = { ...table, columns: { ...table.columns, projection: new Float32Array(10) } };
    expect(() => serializeFeatureTable(ragged)).toThrow();
  });
});
