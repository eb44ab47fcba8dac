import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { endProcess, identifyProcess, isRunning } from './process-identity.js';

const LIVES_ON = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)";

describe('process identity', () => {
  it('knows a process that runs, and that it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const identity = await identifyProcess('child', child.pid!);
    expect(await isRunning(identity!)).toBe(true);
    await endProcess(identity!, 5_000);
    expect(await isRunning(identity!)).toBe(false);
  });

  it('kills a process that does not end when asked', async () => {
    const child = spawn(process.execPath, ['-e', LIVES_ON]);
    await once(child.stdout, 'data');
    const exit = once(child, 'exit');
    await endProcess((await identifyProcess('child', child.pid!))!, 100);
    expect((await exit)[1]).toBe('SIGKILL');
  });

  it('leaves alone a process that merely got the same pid', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const identity = await identifyProcess('child', child.pid!);
    await endProcess({ ...identity!, started: '1' }, 0);
    expect(await isRunning(identity!)).toBe(true);
    child.kill();
  });
});
