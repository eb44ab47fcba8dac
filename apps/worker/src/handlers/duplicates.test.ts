import { describe, expect, it } from '@jest/globals';
import type { FeatureTable } from '@facehash/storage';
import { duplicates } from './duplicates.js';

/** Photos of which each has a direction of its own, as told by the number behind its name. */
function table(...photoIds: string[]): FeatureTable {
  const embedding = new Float32Array(photoIds.length * 128);
  photoIds.forEach((id, row) => {
    const direction = Number(id.split('-')[1]);
    // As long as a face's, and with a little noise, as a copy that was saved again has.
    embedding[row * 128 + direction] = 12;
    embedding[row * 128 + 127] = row / 10;
  });
  const landmarks = new Float32Array(photoIds.length * 136);
  const projection = new Float32Array(photoIds.length);
  return { extractor: 'x', background: 'b', photoIds, columns: { landmarks, projection, embedding } };
}

describe('duplicates', () => {
  it('finds the photo that is there already, and the one that came twice', () => {
    const found = duplicates([table('new-1', 'new-2'), table('again-2', 'new-3')], [table('old-1', 'old-9')]);
    expect(found.map(({ photoId }) => photoId)).toEqual(['new-1', 'again-2']);
    for (const { likeness } of found) expect(likeness).toBeGreaterThan(0.97);
  });

  it('takes no photo for a duplicate of itself where a try before has enrolled it', () => {
    expect(duplicates([table('new-1', 'new-2')], [table('new-1', 'new-2', 'old-3')])).toEqual([]);
  });
});
