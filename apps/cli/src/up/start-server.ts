import type { DataDir } from '../data-dir.js';
import { appCommand } from './app-command.js';
import { keepRunning, type KeptProcess } from './keep-running.js';
import { endLeftovers } from './leftovers.js';
import { metricsPort } from './metrics-port.js';
import { tryPort } from './ports.js';
import { identifyProcess } from './process-identity.js';
import { redisServer } from './redis-server.js';
import type { ProcessOptions } from './start-process.js';
import { WORKER_SETTINGS } from './worker-settings.js';

export interface ServerOptions {
  readonly dataDir: DataDir;
  /** 0 = any free one. */
  readonly port: number;
  readonly workers: number;
  readonly storageUrl: string;
  /** What the processes inherit. */
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  readonly print: (line: string) => void;
}

export interface RunningServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Also the gateway's default; whoever wants more than this machine to reach it puts a proxy with TLS in front. */
const HOST = '127.0.0.1';

/** The gateway lets requests finish for 25 s and workers end the photo in work; then they are killed. */
const GRACE_MS = 30_000;

/**
 * Redis, then gateway and workers; resolves when all of them do their work. What has started is ended again when a later
 * step fails.
 * @throws Error, one line: what is missing and what to do
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { dataDir, environment, print } = options;
  const programs = { gateway: appCommand('gateway'), worker: appCommand('worker') };
  await endLeftovers(dataDir, print);
  const port = await tryPort(options.port, HOST);
  if (port === undefined)
    throw new Error(`Port ${options.port} is taken: stop what runs there, or give another --port.`);
  const url = `http://${HOST}:${port}`;

  const up = (await identifyProcess('up', process.pid)) ?? { name: 'up', pid: process.pid, started: '' };
  const running: KeptProcess[] = [];
  const redis = await redisServer(dataDir.redisDir, (await tryPort(0, HOST))!);
  const record = () =>
    dataDir.writeUp({
      ...{ url, redisUrl: redis.url, pid: process.pid },
      processes: [up, ...running.map(({ identity }) => identity)],
    });
  const keep = async (process: Omit<ProcessOptions, 'print'>): Promise<void> => {
    running.push(
      await keepRunning({ ...process, print }, () => {
        record().catch((error: unknown) => {
          print(`${dataDir.path} cannot be written: ${String(error)}`);
        });
      }),
    );
    await record();
  };
  const stop = async (): Promise<void> => {
    // Against the order of the starts: the gateway's callers still get their answers, the workers' jobs their records.
    const [redis, ...others] = running;
    const isGateway = ({ identity }: KeptProcess) => identity.name === 'gateway';
    for (const group of [
      others.filter(isGateway),
      others.filter((other) => !isGateway(other)),
      redis ? [redis] : [],
    ]) {
      await Promise.all(group.map((process) => process.stop(GRACE_MS)));
    }
    await dataDir.removeUp();
  };

  try {
    await keep({ name: 'redis', env: environment, ...redis.run });
    const env = { ...environment, FACEHASH_REDIS_URL: redis.url, FACEHASH_STORAGE_URL: options.storageUrl };
    const gateway = { ...env, FACEHASH_HOST: HOST, FACEHASH_PORT: String(port) };
    const starts = await Promise.allSettled([
      keep({ name: 'gateway', env: gateway, ready: { url: `${url}/readyz` }, ...programs.gateway }),
      ...Array.from({ length: options.workers }, (_, at) =>
        keep({
          name: `worker ${at + 1}`,
          env: { ...WORKER_SETTINGS, ...env, ...metricsPort(environment, at + 1) },
          ready: { text: 'ready' },
          ...programs.worker,
        }),
      ),
    ]);
    // Only now: stopping while one of them still starts would leave it behind.
    for (const outcome of starts) if (outcome.status === 'rejected') throw outcome.reason;
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}
