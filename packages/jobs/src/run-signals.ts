import { AppError, isEnded } from '@facehash/contracts';
import type { Redis } from './connection.js';
import type { JobRecord } from './record-fields.js';
import { subscribe } from './subscribe.js';

export interface RunSignals {
  /** For one run in this process: `ended` aborts when its job ends, wherever that happens. Call `over` when the run is. */
  readonly begin: (jobId: string) => { readonly ended: AbortSignal; readonly over: () => void };
  close(): void;
}

/** How a worker hears that nobody needs a run any more: its job was cancelled, or failed by another batch. */
export function createRunSignals(o: {
  redis: Redis;
  /** Where the ids of ended jobs are published. */
  channel: string;
  read: (jobId: string) => Promise<JobRecord | undefined>;
}): RunSignals {
  const runs = new Map<string, Set<AbortController>>();
  const stop = (jobId: string): void => {
    const reason = new AppError('JOB_CANCELED', 'The job had ended while a part of it still ran.');
    for (const run of runs.get(jobId) ?? []) run.abort(reason);
  };
  const stopIfEnded = async (jobId: string): Promise<void> => {
    const record = await o.read(jobId);
    if (record === undefined || isEnded(record.job.status)) stop(jobId);
  };
  const subscription = subscribe(o.redis, [o.channel], {
    heard(_channel, jobId) {
      stop(jobId);
    },
    mayHaveMissed() {
      // A record that cannot be read stops nothing; the run's own end meets the outage.
      for (const jobId of runs.keys()) stopIfEnded(jobId).catch(() => undefined);
    },
  });

  return {
    begin(jobId) {
      const run = new AbortController();
      const set = runs.get(jobId) ?? new Set<AbortController>();
      runs.set(jobId, set.add(run));
      const over = (): void => {
        set.delete(run);
        if (set.size === 0) runs.delete(jobId);
      };
      return { ended: run.signal, over };
    },
    close() {
      subscription.close();
    },
  };
}
