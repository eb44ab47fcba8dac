import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Job, RecognizeResult } from '@facehash/contracts';
import { drawPerson, drawPortrait } from '@facehash/testkit';
import { endProcess, startService, type Caller, type RunningGateway, type Service } from './start-service.js';
import { startSteadyLoad } from './steady-load.js';

/** Longer than anybody takes from an answer of /readyz to the request he sends for it. */
const DRAIN_S = 2;

let service: Service;
let caller: Caller;
let gateways: RunningGateway[];

beforeAll(async () => {
  service = await startService({
    workers: 2,
    settings: { gateway: { FACEHASH_DRAIN_SECONDS: String(DRAIN_S) } },
  });
  caller = await service.newKey();
  gateways = [{ url: service.url, process: service.gateway }, await service.addGateway()];
  const photos = Array.from({ length: 4 }, (_, at) => drawPortrait(drawPerson(1), at));
  const trained = await caller.ended(await caller.train('Ada', await Promise.all(photos)));
  expect(trained.status).toBe('succeeded');
}, 120_000);
afterAll(() => service.stop());

/** As a load balancer: the gateways in turn, without those whose /readyz fails. */
function balancer(): () => Promise<Caller> {
  let turn = 0;
  return async () => {
    for (let tries = 0; tries < 3 * gateways.length; tries++) {
      const { url } = gateways[turn++ % gateways.length]!;
      const ready = await fetch(`${url}/readyz`).catch(() => undefined);
      await ready?.arrayBuffer();
      if (ready?.ok === true) return caller.at(url);
    }
    throw new Error('no gateway is ready');
  };
}

it('each gateway and worker restarted under load: no request fails, no job is lost or done twice', async () => {
  const pick = balancer();
  const load = startSteadyLoad(pick, await drawPortrait(drawPerson(1), 90));
  const ended: (number | null)[] = [];
  for (const old of [...service.workers]) {
    await Promise.all([endProcess(old), service.addWorker()]);
    ended.push(old.exitCode);
  }
  for (const old of [...gateways]) {
    // Only its /readyz tells that it goes.
    const [added] = await Promise.all([service.addGateway(), endProcess(old.process)]);
    ended.push(old.process.exitCode);
    gateways = [...gateways.filter((gateway) => gateway !== old), added];
  }
  const { jobs, failures } = await load.stop();

  expect(failures).toEqual([]);
  expect(ended).toEqual([0, 0, 0, 0]);
  expect(jobs.length).toBeGreaterThan(15);
  const labels = jobs.map(({ result }) =>
    (result as RecognizeResult | null)?.faces.map(({ label }) => label),
  );
  expect(labels).toEqual(jobs.map(() => ['Ada']));

  // Each a job of its own, run to its end by one worker, and its answer is what it was.
  const done = service.logged().filter(({ app, msg }) => app === 'worker' && msg === 'a job is done');
  const runs = jobs.map(({ id }) => done.filter(({ job_id }) => job_id === id).length);
  expect(runs).toEqual(jobs.map(() => 1));
  expect(new Set(jobs.map(({ id }) => id)).size).toBe(jobs.length);
  for (const job of jobs) {
    expect((await (await (await pick()).request(job.urls.self)).json()) as Job).toEqual(job);
  }
  for (const status of ['queued', 'processing', 'failed', 'canceled']) {
    const listed = await (await pick()).request(`/v1/jobs?type=recognize&status=${status}`);
    expect(await listed.json()).toMatchObject({ data: [] });
  }
}, 240_000);
