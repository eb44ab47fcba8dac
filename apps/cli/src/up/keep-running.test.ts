import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { endProcess, isRunning } from './process-identity.js';
import { keepRunning } from './keep-running.js';

function program(source: string, lines: string[] = []) {
  return {
    name: 'child',
    command: process.execPath,
    args: ['-e', source],
    env: {},
    ready: { text: 'at work' },
    print: (line: string) => void lines.push(line),
  };
}

describe('keepRunning', () => {
  it('waits for the ready sign, as a line or as a message, and ends the process on stop', async () => {
    for (const say of ["console.log('at work')", "process.send('at work')"]) {
      const kept = await keepRunning(program(`${say}; setInterval(() => {}, 1000)`), () => undefined);
      expect(await isRunning(kept.identity)).toBe(true);
      await kept.stop(5_000);
      expect(await isRunning(kept.identity)).toBe(false);
    }
  });

  it('starts a process again that died, and says so', async () => {
    const lines: string[] = [];
    let restarted: () => void = () => undefined;
    const restart = new Promise<void>((resolve) => (restarted = resolve));
    const kept = await keepRunning(
      program("console.log('at work'); setInterval(() => {}, 1000)", lines),
      () => {
        restarted();
      },
    );
    const first = kept.identity;
    await endProcess(first, 0);
    await restart;
    expect(kept.identity.pid).not.toBe(first.pid);
    expect(await isRunning(kept.identity)).toBe(true);
    expect(lines.join()).toContain('starts again');
    await kept.stop(0);
  });

  it('gives up on one that never became ready', async () => {
    await expect(keepRunning(program('process.exit(3)'), () => undefined)).rejects.toThrow('exit code 3');
  });

  it('says that a program is not installed', async () => {
    const options = { ...program(''), command: 'no-such-program' };
    await expect(keepRunning(options, () => undefined)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('does not restart what was stopped while it paused', async () => {
    const kept = await keepRunning(program("console.log('at work'); setTimeout(() => {}, 50)"), () => {
      throw new Error('restarted');
    });
    await sleep(150);
    await kept.stop(0);
    await sleep(200);
    expect(await isRunning(kept.identity)).toBe(false);
  });
});
