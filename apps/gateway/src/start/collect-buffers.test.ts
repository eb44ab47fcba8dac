import { describe, expect, it } from '@jest/globals';
import { bufferCollection } from './collect-buffers.js';

const MB = 1024 * 1024;

function watched() {
  const state = { bytes: 0, alive: 0, collections: 0 };
  const look = bufferCollection({
    bytes: () => state.bytes,
    collect: () => {
      state.collections += 1;
      state.bytes = state.alive;
    },
  });
  return { state, at: (bytes: number) => ((state.bytes = bytes * MB), look(), state.collections) };
}

describe('bufferCollection', () => {
  it('leaves few buffers alone', () => {
    expect(watched().at(16)).toBe(0);
  });

  it('counts from what was alive, so that many uploads held open do not make it collect over and over', () => {
    const { state, at } = watched();
    state.alive = 60 * MB;
    expect(at(70)).toBe(1);
    expect(at(76)).toBe(1);
    expect(at(77)).toBe(2);
  });

  it('counts from less once less is alive', () => {
    const { state, at } = watched();
    state.alive = 60 * MB;
    at(70);
    state.alive = 0;
    expect(at(10)).toBe(1);
    expect(at(27)).toBe(2);
  });
});
