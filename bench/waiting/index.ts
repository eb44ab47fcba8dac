/**
 * Hundreds of requests that wait for their jobs at one gateway, a process of its own: how long after the end of its job
 * each has its answer (the record's completed_at, by Redis' clock, → the last byte at the client), and what is left in the
 * gateway when all have gone. The worker is a stand-in that ends jobs at a pace. Prints a line of JSON per way of waiting.
 *
 *   pnpm build && pnpm bench waiting [--waits 500] [--rounds 5] [--per-second 100]
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { models } from '@facehash/storage';
import { freePort } from '@facehash/testkit';
import { standInModel } from '../../apps/gateway/src/testing/stand-in-worker.js';
import { startService } from '../../tests/e2e/start-service.js';
import { percentile } from '../percentile.js';
import { followEvents, hangUp, waitForAnswer, type HandBack, type Way } from './clients.js';
import { gatewayState } from './gateway-state.js';

/** Far more than the stand-in can end. */
const AT_ONCE = 100_000;
const WAITING_JOBS = 'facehash_queue_jobs{queue="recognize",state="waiting"}';

interface Load {
  readonly name: string;
  readonly way: Way;
  /** The gauge that counts those who wait so. */
  readonly held: string;
  readonly perSecond: number;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      waits: { type: 'string', default: '500' },
      rounds: { type: 'string', default: '5' },
      'per-second': { type: 'string', default: '100' },
    },
  });
  const waits = Number(values.waits);
  const perSecond = Number(values['per-second']);

  const metricsPort = await freePort();
  const service = await startService({
    workers: 0,
    isBuilt: true,
    settings: {
      gateway: {
        NODE_OPTIONS: `--import=${new URL('./collect-on-signal.mjs', import.meta.url).href}`,
        FACEHASH_METRICS_PORT: String(metricsPort),
        FACEHASH_REQUESTS_PER_MINUTE: '0',
        FACEHASH_MAX_QUEUE_SECONDS: '0',
      },
    },
  });
  const { url, gateway, redis, storage } = service;
  const worker = await startPacedWorker(redis.url, service.storageUrl);
  const state = gatewayState({ gateway, metricsPort, redisUrl: redis.url });
  try {
    const caller = await service.newKey();
    await models(storage, caller.keyId).publish(standInModel());

    const round = async ({ way, held, perSecond }: Load): Promise<(HandBack | undefined)[]> => {
      worker.send(0);
      const agent = new Agent({ keepAlive: true });
      const allWait = (async () => {
        while ((await state.metric(held)) < waits) await sleep(50);
        worker.send(perSecond);
      })();
      const target = { url, caller, agent };
      const all = await Promise.all(Array.from({ length: waits }, () => way(target, allWait)));
      agent.destroy();
      worker.send(AT_ONCE); // for jobs that nobody waits for any more
      while ((await state.metric(WAITING_JOBS)) > 0) await sleep(50);
      await sleep(1000);
      return all;
    };

    const waiting = { held: 'facehash_gateway_waits', perSecond };
    const loads: Load[] = [
      { ...waiting, name: 'wait', way: waitForAnswer },
      { ...waiting, name: 'wait, all end at once', way: waitForAnswer, perSecond: AT_ONCE },
      { ...waiting, name: 'events', way: followEvents, held: 'facehash_gateway_event_streams' },
      { ...waiting, name: 'hang up', way: hangUp },
    ];
    for (const load of loads) {
      // The first fills pools and caches and compiles; what it leaves is no leak.
      const warmUp = figures(await round(load));
      const before = await state.read();
      const rounds = [];
      for (let i = 0; i < Number(values.rounds); i++) {
        const answered = figures(await round(load));
        rounds.push({ ...answered, heapMb: (await state.read()).heapMb });
      }
      const after = await state.read();
      const { name, perSecond } = load;
      console.log(
        JSON.stringify({ bench: 'waiting', load: name, waits, perSecond, warmUp, rounds, before, after }),
      );
    }
  } finally {
    state.close();
    worker.kill();
    await service.stop();
  }
}

/** The hand-back's quantiles in ms; the clock of the record's end has no fractions, so up to 1 ms too much. */
function figures(handBacks: (HandBack | undefined)[]): object {
  const answered = handBacks.filter((one) => one !== undefined);
  const ms = answered.map(({ endedAt, receivedAt }) => receivedAt - endedAt).sort((a, b) => a - b);
  return {
    ok: answered.filter(({ status }) => status === 200).length,
    p50: percentile(ms, 0.5),
    p99: percentile(ms, 0.99),
    max: percentile(ms, 1),
  };
}

async function startPacedWorker(redisUrl: string, storageUrl: string): Promise<ChildProcess> {
  const worker = fork(fileURLToPath(new URL('./paced-worker.ts', import.meta.url)), [redisUrl, storageUrl], {
    execArgv: ['--import', 'tsx', '--conditions', 'source'],
  });
  await once(worker, 'message');
  return worker;
}
