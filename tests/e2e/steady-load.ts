import { setTimeout as sleep } from 'node:timers/promises';
import { isEnded, type Job } from '@facehash/contracts';
import type { Caller } from './start-service.js';

/** Requests in flight at most: on a machine that is busy with something else they would pile up. */
const AT_ONCE = 4;
const EVERY_MS = 250;
const POLL_MS = 150;

export interface SteadyLoad {
  /** Sends no more; resolves when what was sent has come to its end. */
  stop(): Promise<{ readonly jobs: readonly Job[]; readonly failures: readonly string[] }>;
}

/** Sends recognitions at a steady rate, one with `Prefer: wait`, the next polled, each request to whom `pick` names for it. */
export function startSteadyLoad(pick: () => Promise<Caller>, photo: Uint8Array): SteadyLoad {
  const jobs: Job[] = [];
  const failures: string[] = [];
  const inFlight = new Set<Promise<void>>();
  const stopping = new AbortController();

  const jobOf = async (response: Response): Promise<Job> => {
    if (!response.ok) throw new Error(`${response.status} of ${response.url}: ${await response.text()}`);
    return (await response.json()) as Job;
  };
  const recognize = async (prefer: string): Promise<void> => {
    let job = await jobOf(await (await pick()).recognize(photo, {}, prefer));
    while (!isEnded(job.status)) {
      await sleep(POLL_MS);
      job = await jobOf(await (await pick()).request(job.urls.self));
    }
    jobs.push(job);
  };
  const loop = async (): Promise<void> => {
    for (let sent = 0; !stopping.signal.aborted; sent++) {
      const one = recognize(sent % 2 === 0 ? 'wait=30' : 'respond-async')
        .catch((error: unknown) => {
          const { message, cause } = error as Error;
          failures.push(`${message} ${cause instanceof Error ? cause.message : ''}`);
        })
        .finally(() => inFlight.delete(one));
      inFlight.add(one);
      await sleep(EVERY_MS);
      if (inFlight.size >= AT_ONCE) await Promise.race(inFlight);
    }
  };
  const looped = loop();

  return {
    async stop() {
      stopping.abort();
      await looped;
      await Promise.all(inFlight);
      return { jobs, failures };
    },
  };
}
