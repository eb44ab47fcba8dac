import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTurns } from './turns.js';

describe('Turns', () => {
  it('run together until one wants to be alone, and together again after it', async () => {
    const { together, alone } = createTurns();
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      await sleep(20);
      events.push(`${name} ends`);
    };
    await Promise.all([
      ...[together(work('a')), together(work('b'))],
      ...[alone(work('X')), alone(work('Y'))],
      ...[together(work('c')), together(work('d'))],
    ]);
    expect(events).toEqual([
      ...['a begins', 'b begins', 'a ends', 'b ends'],
      ...['X begins', 'X ends', 'Y begins', 'Y ends'],
      ...['c begins', 'd begins', 'c ends', 'd ends'],
    ]);
  });

  it('go on after a failure, which only its own caller hears of', async () => {
    const { together, alone } = createTurns();
    const fail = () => Promise.reject(new Error('own'));
    const failures = await Promise.allSettled([together(fail), alone(fail)]);
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await together(() => Promise.resolve(1))).toBe(1);
    expect(await alone(() => Promise.resolve(2))).toBe(2);
  });
});
