import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from './backend.js';

describe('selectBackend', () => {
  // First: WASM starts once a process.
  it('leaves unhandled failures to the app', async () => {
    const listeners = () => [
      process.listenerCount('unhandledRejection'),
      process.listenerCount('uncaughtException'),
    ];
    const before = listeners();
    await selectBackend('wasm');
    expect(listeners()).toEqual(before);
  });

  it('takes what starts and keeps the reason why the faster ones did not', async () => {
    const { name, reason } = await selectBackend('auto');
    expect(name).toBe(tf.getBackend());
    if (name === 'wasm') expect(reason).toMatch(/^WASM started; tfjs-node-gpu not available: /);
  });

  it('takes exactly the one asked for', async () => {
    expect(await selectBackend('cpu')).toEqual({ name: 'cpu', gpu: false, reason: 'plain CPU started' });
    expect(tf.getBackend()).toBe('cpu');
  });
});
