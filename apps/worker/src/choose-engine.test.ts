import { describe, expect, it } from '@jest/globals';
import type { Backend } from '@facehash/keras-models';
import type { EngineKind, FaceAnalyzerOptions } from '@facehash/vision';
import { chooseEngine, type WantedEngine } from './choose-engine.js';

const wasm: Backend = { name: 'wasm', gpu: false, reason: 'WASM started' };
const native: Backend = { name: 'tensorflow', gpu: false, reason: 'tfjs-node started' };
const gpu: Backend = { name: 'tensorflow', gpu: true, reason: 'tfjs-node-gpu started on a GPU' };
const plain: Backend = { name: 'cpu', gpu: false, reason: 'plain CPU started' };

const engine = (name: string): NonNullable<FaceAnalyzerOptions['engines']>[number] => ({
  name,
  embed: () => Promise.resolve(new Float32Array()),
  close: () => undefined,
});

async function choose(wanted: WantedEngine, backend: Backend, broken: readonly EngineKind[] = []) {
  const asked: string[] = [];
  const { engines, reason } = await chooseEngine({ wanted, backend, slots: 2 }, (kind, slots) => {
    asked.push(`${kind} ${slots}`);
    if (broken.includes(kind)) return Promise.reject(new Error(`${kind} is broken\nand more`));
    return Promise.resolve([engine(kind)]);
  });
  return { took: engines[0]!.name, reason, asked };
}

describe('chooseEngine', () => {
  it.each<[WantedEngine, Backend, string]>([
    ['auto', wasm, 'opencv'],
    ['auto', native, 'opencv'],
    ['auto', plain, 'opencv'],
    ['auto', gpu, 'tfjs'],
    ['opencv', gpu, 'opencv'],
    ['tensorflow', native, 'tfjs'],
    ['wasm', wasm, 'tfjs'],
  ])('takes with %s on %j: %s', async (wanted, backend, expected) => {
    expect(await choose(wanted, backend)).toMatchObject({ took: expected, asked: [`${expected} 2`] });
  });

  it('says why it did not take a better one', async () => {
    expect((await choose('auto', wasm)).reason).toBe(
      "opencv: no GPU, as TensorFlow.js runs on 'wasm' (WASM started)",
    );
    expect((await choose('auto', gpu, ['tfjs'])).reason).toBe(
      'opencv: the next best; tfjs not taken: tfjs is broken',
    );
    expect(await choose('auto', native, ['opencv'])).toMatchObject({ took: 'tfjs' });
  });

  it('ends with all reasons where nothing works, and never takes plain CPU', async () => {
    const unavailable = (message: RegExp) =>
      expect.objectContaining({ code: 'UNAVAILABLE', message: expect.stringMatching(message) });
    await expect(choose('auto', gpu, ['tfjs', 'opencv'])).rejects.toEqual(
      unavailable(/tfjs is broken; opencv not taken: opencv is broken/),
    );
    await expect(choose('auto', plain, ['opencv'])).rejects.toEqual(unavailable(/opencv is broken/));
    await expect(choose('opencv', gpu, ['opencv'])).rejects.toEqual(unavailable(/'opencv'/));
  });

  it('refuses an engine whose backend is another', async () => {
    await expect(choose('tensorflow', wasm)).rejects.toEqual(
      expect.objectContaining({ message: expect.stringContaining('FACEHASH_BACKEND=tensorflow') }),
    );
  });
});
