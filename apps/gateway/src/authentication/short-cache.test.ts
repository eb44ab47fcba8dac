import { describe, expect, it } from '@jest/globals';
import { shortCache } from './short-cache.js';

function counted(options: { ttlMs?: number; maxEntries?: number } = {}) {
  const loaded: string[] = [];
  const clock = { now: 0 };
  const get = shortCache(
    (name) => {
      loaded.push(name);
      return name === 'bad' ? Promise.reject(new Error('down')) : Promise.resolve(undefined);
    },
    { ttlMs: options.ttlMs ?? 5000, maxEntries: options.maxEntries ?? 2, now: () => clock.now },
  );
  return { get, loaded, clock };
}

describe('shortCache', () => {
  it('asks once while an answer is fresh, also when the answer is "nobody"', async () => {
    const { get, loaded, clock } = counted();
    await Promise.all([get('a'), get('a')]);
    clock.now = 4999;
    await get('a');
    expect(loaded).toEqual(['a']);
  });

  it('asks again once the time is over, however often it was asked meanwhile', async () => {
    const { get, loaded, clock } = counted();
    await get('a');
    clock.now = 4000;
    await get('a');
    clock.now = 5000;
    await get('a');
    expect(loaded).toEqual(['a', 'a']);
  });

  it('forgets the least recently asked when full', async () => {
    const { get, loaded } = counted();
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await get(name);
    expect(loaded).toEqual(['a', 'b', 'c', 'b']);
  });

  it('does not remember a failure', async () => {
    const { get, loaded } = counted();
    await expect(get('bad')).rejects.toThrow('down');
    await expect(get('bad')).rejects.toThrow('down');
    expect(loaded).toEqual(['bad', 'bad']);
  });
});
