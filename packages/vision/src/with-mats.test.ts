import { describe, expect, it } from '@jest/globals';
import { withMats } from './with-mats.js';

function countedMats() {
  const released: string[] = [];
  return { released, mat: (name: string) => ({ name, release: () => void released.push(name) }) };
}

describe('withMats', () => {
  it('releases what it owns after the work, not before', async () => {
    const { released, mat } = countedMats();
    const result = await withMats(async (own) => {
      const a = own(mat('a'));
      await Promise.resolve();
      own(mat('b'));
      expect(released).toEqual([]);
      return a.name;
    });
    expect(result).toBe('a');
    expect(released).toEqual(['a', 'b']);
  });

  it('releases when the work fails, and passes the failure on', async () => {
    const { released, mat } = countedMats();
    const failing = withMats((own) => {
      own(mat('a'));
      return Promise.reject(new Error('stage failed'));
    });
    await expect(failing).rejects.toThrow('stage failed');
    expect(released).toEqual(['a']);
  });
});
