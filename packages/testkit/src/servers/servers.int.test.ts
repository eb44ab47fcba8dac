import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, it, expect } from '@jest/globals';
import { freePort } from './free-port.js';
import { startMinio } from './start-minio.js';
import { startRedis } from './start-redis.js';
import { startServer } from './start-server.js';

const isListening = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('startRedis', () => {
  it('answers when it resolves and is gone after stop, twice', async () => {
    const redis = await startRedis();
    expect(await isListening(redis.url)).toBe(true);
    await redis.stop();
    await redis.stop();
    expect(await isListening(redis.url)).toBe(false);
    expect(isAlive(redis.process.pid)).toBe(false);
  });

  it('dies with its parent, even when the parent is killed', async () => {
    const script = `
      import { startRedis } from ${JSON.stringify(new URL('start-redis.ts', import.meta.url).href)};
      const redis = await startRedis();
      console.log(redis.url);
      process.kill(process.pid, 'SIGKILL');`;
    const tsx = ['--import', 'tsx', '--conditions', 'source', '--input-type=module', '--eval', script];
    // What a killed parent leaves behind goes where the test can remove it.
    const folder = await mkdtemp(join(tmpdir(), 'facehash-killed-'));
    const options = { env: { ...process.env, TMPDIR: folder } };
    const run = await promisify(execFile)(process.execPath, tsx, options).catch((error: unknown) => error);
    const url = (run as { stdout: string }).stdout.trim();
    expect(url).toMatch(/^redis:/);
    for (let wait = 0; wait < 50 && (await isListening(url)); wait++) await sleep(20);
    expect(await isListening(url)).toBe(false);
    await rm(folder, { recursive: true });
  });
});

describe('startMinio', () => {
  it('answers when it resolves and is gone after stop', async () => {
    const minio = await startMinio();
    if (minio === undefined) {
      console.warn('skipped: no minio here');
      return;
    }
    expect(await isListening(minio.url.replace('s3:', 'http:'))).toBe(true);
    await minio.stop();
    expect(isAlive(minio.process.pid)).toBe(false);
  });
});

describe('startServer', () => {
  it('says what the server printed when it ends before it answers', async () => {
    const recipe = {
      name: 'false-start',
      executable: '/bin/sh',
      args: () => ['-c', 'echo no such luck; exit 3'],
      answers: () => Promise.resolve(false),
    };
    await expect(startServer(recipe)).rejects.toThrow(/ended before it answered[^]*no such luck/);
  });
});

describe('freePort', () => {
  it('gives a port that nobody listens on', async () => {
    expect(await isListening(`redis://127.0.0.1:${await freePort()}`)).toBe(false);
  });
});
