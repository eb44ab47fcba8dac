import { isEnded } from '@facehash/contracts';
import type { Redis } from './connection.js';
import type { JobRecord } from './record-fields.js';
import { subscribe } from './subscribe.js';

export interface Waiting {
  /**
   * The job's record once it has ended, or its latest record after `ms` or when `signal` aborts.
   * undefined when there is no such job. Redis may go and come back meanwhile; only an outage at the
   * beginning or at the deadline rejects.
   */
  readonly wait: (jobId: string, ms: number, signal?: AbortSignal) => Promise<JobRecord | undefined>;
  /**
   * Calls `changed` with the job's record at once and whenever it may have changed, up to and with its end. Resolves then,
   * or when the job is gone, or when `signal` aborts; rejects when Redis is away.
   */
  readonly watch: (jobId: string, changed: (record: JobRecord) => void, signal: AbortSignal) => Promise<void>;
  close(): void;
}

/** A wake-up can be lost (Redis restarts, a record is settled by nobody), so every waiter also looks by itself. */
const REREAD_MS = 1_500;

interface Waiter {
  /** Whether progress wakes it too; an end wakes everybody. */
  readonly hearsProgress: boolean;
  /** Ends the current pause, or the next one when there is none: a wake-up during a read must not be lost. */
  readonly wake: () => void;
  readonly pause: (ms: number) => Promise<void>;
}

/** One subscribed connection for all waiters of this process, however many there are. */
export function createWaiting(o: {
  redis: Redis;
  channels: { readonly ended: string; readonly progress: string };
  read: (jobId: string) => Promise<JobRecord | undefined>;
}): Waiting {
  const waiters = new Map<string, Set<Waiter>>();
  const subscription = subscribe(o.redis, [o.channels.ended, o.channels.progress], {
    heard(channel, jobId) {
      for (const waiter of waiters.get(jobId) ?? []) {
        if (channel === o.channels.ended || waiter.hearsProgress) waiter.wake();
      }
    },
    mayHaveMissed() {
      for (const set of waiters.values()) for (const waiter of set) waiter.wake();
    },
  });

  const enter = (jobId: string, hearsProgress: boolean): { waiter: Waiter; leave: () => void } => {
    const waiter = createWaiter(hearsProgress);
    const set = waiters.get(jobId) ?? new Set<Waiter>();
    waiters.set(jobId, set.add(waiter));
    const leave = (): void => {
      set.delete(waiter);
      if (set.size === 0) waiters.delete(jobId);
    };
    return { waiter, leave };
  };

  return {
    async wait(jobId, ms, signal) {
      // Not Date.now(): a correction of the wall clock must not end or prolong a wait.
      const deadline = performance.now() + ms;
      const pending = (record: JobRecord | undefined): record is JobRecord =>
        record !== undefined &&
        !isEnded(record.job.status) &&
        performance.now() < deadline &&
        signal?.aborted !== true;

      // Before the first look, or an end right after it would go unheard.
      const { waiter, leave } = enter(jobId, false);
      signal?.addEventListener('abort', waiter.wake, { once: true });
      try {
        let record = await o.read(jobId);
        while (pending(record)) {
          await waiter.pause(Math.min(REREAD_MS, deadline - performance.now()));
          if (signal?.aborted === true) break;
          try {
            record = await o.read(jobId);
          } catch (error) {
            if (performance.now() >= deadline) throw error;
          }
        }
        return record;
      } finally {
        leave();
        signal?.removeEventListener('abort', waiter.wake);
      }
    },
    async watch(jobId, changed, signal) {
      const { waiter, leave } = enter(jobId, true);
      const hasGone = (): boolean => signal.aborted;
      signal.addEventListener('abort', waiter.wake, { once: true });
      try {
        while (!hasGone()) {
          const record = await o.read(jobId);
          // The caller may have gone meanwhile, or the job may be deleted.
          if (record === undefined || hasGone()) return;
          changed(record);
          if (isEnded(record.job.status)) return;
          await waiter.pause(REREAD_MS);
        }
      } finally {
        leave();
        signal.removeEventListener('abort', waiter.wake);
      }
    },
    close() {
      subscription.close();
    },
  };
}

function createWaiter(hearsProgress: boolean): Waiter {
  let woken = false;
  let endPause: (() => void) | undefined;
  return {
    hearsProgress,
    wake() {
      woken = true;
      endPause?.();
    },
    async pause(ms) {
      if (!woken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          endPause = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        endPause = undefined;
      }
      woken = false;
    },
  };
}
