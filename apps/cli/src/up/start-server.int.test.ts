import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { documentedFetch } from '@facehash/testkit';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { openDataDir, type DataDir } from '../data-dir.js';
import { useFolder } from '../testing/use-folder.js';
import { isRunning } from './process-identity.js';
import { startServer } from './start-server.js';

let dataDir: DataDir;
useFolder((path) => void (dataDir = openDataDir(path)));

let lines: string[];

beforeEach(() => {
  lines = [];
});

const start = (changes: { port?: number; environment?: NodeJS.ProcessEnv } = {}) =>
  startServer({
    dataDir,
    port: 0,
    workers: 1,
    storageUrl: dataDir.storageUrl,
    environment: process.env,
    print: (line) => lines.push(line),
    ...changes,
  });

const running = async () => {
  const { processes } = (await dataDir.readUp())!;
  return processes.filter(({ name }) => name !== 'up');
};

describe('startServer', () => {
  it('answers when it resolves, brings a dead worker back, and leaves nothing running', async () => {
    const server = await start();
    expect((await documentedFetch(`${server.url}/readyz`)).status).toBe(200);
    const before = await running();
    expect(before.map(({ name }) => name).sort()).toEqual(['gateway', 'redis', 'worker 1']);

    const worker = before.find(({ name }) => name === 'worker 1')!;
    process.kill(worker.pid, 'SIGKILL');
    let revived = worker;
    while (revived.pid === worker.pid) {
      await sleep(50);
      revived = (await running()).find(({ name }) => name === 'worker 1')!;
    }
    expect(await isRunning(revived)).toBe(true);

    const last = await running();
    await server.stop();
    expect(await Promise.all(last.map(isRunning))).toEqual([false, false, false]);
    expect(await dataDir.readUp()).toBeUndefined();
  });

  it('says that the port is taken, and that a server runs on the folder', async () => {
    const server = await start();
    const port = Number(new URL(server.url).port);
    await expect(start()).rejects.toThrow('already runs');
    const elsewhere = openDataDir(join(dataDir.path, 'other'));
    await expect(
      startServer({
        dataDir: elsewhere,
        port,
        workers: 1,
        storageUrl: '',
        environment: {},
        print: () => undefined,
      }),
    ).rejects.toThrow(`Port ${port} is taken`);
    await server.stop();
  });

  it('ends what it has started when something is missing, and shows the line that says so', async () => {
    const environment = { ...process.env, FACEHASH_LANDMARK_MODEL: '/missing' };
    await expect(start({ environment })).rejects.toThrow('worker 1 ended before it was ready');
    expect(lines.join('\n')).toMatch(/landmark model was expected at \/missing: run `npm run setup`/);
    expect(await dataDir.readUp()).toBeUndefined();
  });
});
