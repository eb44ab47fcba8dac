import { describe, expect, it } from '@jest/globals';
import type { ModelCard } from '@facehash/contracts';
import { createModelCache } from './model-cache.js';

function countingCache(maxModels: number, fail: (version: string) => boolean = () => false) {
  const loads: string[] = [];
  const disposals: string[] = [];
  const cache = createModelCache({
    maxModels,
    load: (_keyId, version) => {
      loads.push(version);
      if (fail(version)) return Promise.reject(new Error(`no ${version}`));
      const model = {
        size: 1,
        labels: 1,
        score: () => Promise.resolve(new Float32Array(1)),
        dispose: () => void disposals.push(version),
      };
      return Promise.resolve({ card: { version } as ModelCard, model });
    },
  });
  return { cache, loads, disposals };
}

const nothing = () => Promise.resolve();
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('createModelCache', () => {
  it('loads a model once, also for two tasks at the same time', async () => {
    const { cache, loads } = countingCache(2);
    await Promise.all([cache.use('key', 'a', nothing), cache.use('key', 'a', nothing)]);
    await cache.use('key', 'a', nothing);
    expect(loads).toEqual(['a']);
  });

  it('disposes of the model used longest ago when it holds too many', async () => {
    const { cache, loads, disposals } = countingCache(2);
    for (const version of ['a', 'b', 'a', 'c']) await cache.use(`key of ${version}`, version, nothing);
    await settled();
    expect(disposals).toEqual(['b']);
    await cache.use('key of a', 'a', nothing);
    expect(loads).toEqual(['a', 'b', 'c']);
  });

  it('lets go of a version as soon as its key has another one', async () => {
    const { cache, disposals } = countingCache(9);
    await cache.use('other', 'x', nothing);
    for (const version of ['a', 'b']) await cache.use('key', version, nothing);
    await settled();
    expect(disposals).toEqual(['a']);
  });

  it('keeps a model alive while a task uses it', async () => {
    const { cache, disposals } = countingCache(1);
    await cache.use('key', 'a', async () => {
      await cache.use('key', 'b', nothing);
      await settled();
      expect(disposals).toEqual([]);
    });
    await settled();
    expect(disposals).toEqual(['a']);
  });

  it('tries again after a load that failed', async () => {
    let broken = true;
    const { cache, loads } = countingCache(2, () => broken);
    await expect(cache.use('key', 'a', nothing)).rejects.toThrow('no a');
    broken = false;
    await cache.use('key', 'a', nothing);
    expect(loads).toEqual(['a', 'a']);
  });

  it('lets go of the models of one key, also of one that is just being loaded, and loads them anew', async () => {
    const { cache, loads, disposals } = countingCache(9);
    await cache.use('other', 'x', nothing);
    const loading = cache.use('key', 'a', nothing);
    cache.forget('key');
    await loading;
    await settled();
    expect([disposals, cache.has('key', 'a'), cache.has('other', 'x')]).toEqual([['a'], false, true]);
    await cache.use('key', 'a', nothing);
    expect(loads).toEqual(['x', 'a', 'a']);
  });

  it('lets go of everything at once, each once', async () => {
    const { cache, disposals } = countingCache(3);
    for (const version of ['a', 'b']) await cache.use(`key of ${version}`, version, nothing);
    cache.forgetAll();
    cache.forgetAll();
    await settled();
    expect(disposals).toEqual(['a', 'b']);
  });
});
