import { describe, expect, it } from '@jest/globals';
import { createSlots } from './slots.js';

describe('createSlots', () => {
  it('never lends one slot to two, and serves the waiting in their order', async () => {
    const slots = createSlots(['a', 'b']);
    const busy = new Set<string>();
    const started: number[] = [];
    const work = (id: number) =>
      slots.use(async (slot) => {
        expect(busy.has(slot)).toBe(false);
        busy.add(slot);
        started.push(id);
        await new Promise((resolve) => setTimeout(resolve, 2));
        busy.delete(slot);
      });
    await Promise.all([0, 1, 2, 3, 4, 5].map(work));
    expect(started).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('takes a slot back when the work fails', async () => {
    const slots = createSlots(['only']);
    await expect(slots.use(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(slots.use((slot) => Promise.resolve(slot))).resolves.toBe('only');
  });
});
