import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, KeyScope } from '@facehash/contracts';
import { apiKeys, openStorage, type ObjectStorage } from '@facehash/storage';
import { documentedFetch, freePort, startRedis, type RedisForTests } from '@facehash/testkit';

const REPO = path.resolve(import.meta.dirname, '../..');

/** The whole service on this machine: Redis, one gateway and workers as processes of their own, storage in a folder. */
export interface Service {
  readonly url: string;
  readonly redis: RedisForTests;
  readonly storage: ObjectStorage;
  readonly storageUrl: string;
  readonly gateway: ChildProcess;
  readonly workers: readonly ChildProcess[];
  /** What the processes have logged so far, a JSON object each. */
  logged(): LogLine[];
  /** A key nobody else uses; `send` and `job` speak with it. */
  /** @param scopes those of any key unless told */
  newKey(scopes?: KeyScope[]): Promise<Caller>;
  addWorker(): Promise<ChildProcess>;
  /** A gateway more, at an address of its own; resolves when it is ready. */
  addGateway(): Promise<RunningGateway>;
  stop(): Promise<void>;
}

export interface RunningGateway {
  readonly url: string;
  readonly process: ChildProcess;
}

export interface LogLine {
  readonly app: 'gateway' | 'worker';
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface Caller {
  readonly keyId: string;
  readonly secret: string;
  request(target: string, init?: RequestInit): Promise<Response>;
  /** The same key at another gateway. */
  at(url: string): Caller;
  recognize(image: Uint8Array, fields?: Record<string, string>, prefer?: string): Promise<Response>;
  train(label: string, photos: readonly Uint8Array[], prefer?: string): Promise<Response>;
  /** Waits until the job has ended. */
  ended(response: Response): Promise<Job>;
}

/** `isBuilt` runs what `pnpm build` made instead of the sources. */
export async function startService({
  workers = 1,
  isBuilt = false,
  storageUrl: given,
  settings = {},
}: {
  readonly workers?: number;
  readonly isBuilt?: boolean;
  /** Default: a folder that goes with the service. */
  readonly storageUrl?: string | undefined;
  readonly settings?: { readonly gateway?: NodeJS.ProcessEnv; readonly worker?: NodeJS.ProcessEnv };
} = {}): Promise<Service> {
  // What undoes each step so far; a start that fails has its own undone, or the processes would outlive it.
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await start();
  } catch (error) {
    await stop();
    throw error;
  }

  async function start(): Promise<Service> {
    const folder = await mkdtemp(path.join(tmpdir(), 'facehash-e2e-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    const redis = await startRedis();
    undo.push(() => redis.stop());
    const storageUrl = given ?? `file://${folder}/objects`;
    const env = {
      ...process.env,
      FACEHASH_REDIS_URL: redis.url,
      FACEHASH_STORAGE_URL: storageUrl,
      FACEHASH_LOG_LEVEL: 'info',
      // One test sends more in a minute than a caller may.
      FACEHASH_REQUESTS_PER_MINUTE: '0',
      FACEHASH_FAILURES_PER_MINUTE: '0',
      UV_THREADPOOL_SIZE: '6',
      OPENCV4NODEJS_DISABLE_EXTERNAL_MEM_TRACKING: '1',
    };
    const running: ChildProcess[] = [];
    undo.push(() => Promise.all(running.map(endProcess)));
    const output: string[] = [];
    const addGateway = async (): Promise<RunningGateway> => {
      const port = String(await freePort());
      const gateway = startApp(
        'gateway',
        isBuilt,
        { ...env, FACEHASH_PORT: port, ...settings.gateway },
        output,
      );
      running.push(gateway);
      const url = `http://127.0.0.1:${port}`;
      await beforeItExits(gateway, isReady(url));
      return { url, process: gateway };
    };
    const added: ChildProcess[] = [];
    const addWorker = async (): Promise<ChildProcess> => {
      const worker = startApp('worker', isBuilt, { ...env, ...settings.worker }, output);
      running.push(worker);
      added.push(worker);
      await says(worker, 'ready');
      return worker;
    };
    const storage = await openStorage(storageUrl);
    undo.push(() => storage.close());
    const [{ url, process: gateway }] = await Promise.all([
      addGateway(),
      ...Array.from({ length: workers }, addWorker),
    ]);

    return {
      url,
      redis,
      storage,
      storageUrl,
      gateway,
      workers: added,
      // The admin token is printed as plain text.
      logged: () =>
        output
          .flatMap((text) => text.split('\n'))
          .filter((line) => line.startsWith('{'))
          .map((line) => JSON.parse(line) as LogLine),
      addWorker,
      addGateway,
      newKey: async (scopes) => {
        const { key, secret } = await apiKeys(storage).create({
          ...{ name: 'e2e', now: new Date() },
          ...(scopes !== undefined && { scopes }),
        });
        return caller(url, key.id, secret);
      },
      stop,
    };
  }
}

function caller(url: string, keyId: string, secret: string): Caller {
  const request = (target: string, { headers, ...init }: RequestInit = {}): Promise<Response> =>
    documentedFetch(new URL(target, url), {
      ...init,
      headers: { authorization: `Bearer ${secret}`, ...(headers as object) },
    });
  return {
    keyId,
    secret,
    request,
    at: (other) => caller(other, keyId, secret),
    recognize: (image, fields = {}, prefer = 'wait=30') => {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      body.set('image', new Blob([new Uint8Array(image)]), 'photo.jpg');
      return request('/v1/recognize', { method: 'POST', headers: { prefer }, body });
    },
    train: (label, photos, prefer = 'respond-async') => {
      const body = new FormData();
      body.set('label', label);
      photos.forEach((photo, at) => {
        body.append('photos', new Blob([new Uint8Array(photo)]), `${label}-${at}.jpg`);
      });
      return request('/v1/train', { method: 'POST', headers: { prefer }, body });
    },
    ended: async (response) => {
      let job = (await response.json()) as Job;
      if (!response.ok) throw new Error(JSON.stringify(job));
      const deadline = Date.now() + 120_000;
      while (job.status === 'queued' || job.status === 'processing') {
        if (Date.now() > deadline) throw new Error(`the job has not ended: ${JSON.stringify(job)}`);
        const polled = await request(`/v1/jobs/${job.id}`, { headers: { prefer: 'wait=30' } });
        job = (await polled.json()) as Job;
      }
      return job;
    },
  };
}

function startApp(app: string, isBuilt: boolean, env: NodeJS.ProcessEnv, output: string[]): ChildProcess {
  const args = isBuilt
    ? [`apps/${app}/dist/main.js`]
    : ['--conditions', 'source', '--import', 'tsx', `apps/${app}/src/main.ts`];
  const child = spawn(process.execPath, args, { cwd: REPO, env, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.on('data', (text: Buffer) => process.stderr.write(`[${app}] ${text.toString()}`));
  const at = output.push('') - 1;
  child.stdout.on('data', (text: Buffer) => (output[at] = (output[at] ?? '') + text.toString()));
  return child;
}

/** Resolves when the process has logged a line that holds the word. */
async function says(child: ChildProcess, word: string): Promise<void> {
  const said = new Promise<void>((resolve) => {
    let seen = '';
    child.stdout?.on('data', (text: Buffer) => {
      seen += text.toString();
      if (seen.includes(word)) resolve();
    });
  });
  await beforeItExits(child, said);
}

/** @throws Error when the process has ended and what was waited for has not come */
async function beforeItExits(child: ChildProcess, awaited: Promise<void>): Promise<void> {
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`the process ended with code ${String(code)} before it was ready`);
  });
  exited.catch(() => undefined);
  await Promise.race([awaited, exited]);
}

async function isReady(url: string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt++) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(200);
  }
  throw new Error('the gateway was not ready within 30 s');
}

/** As an operator ends it: by SIGTERM. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
