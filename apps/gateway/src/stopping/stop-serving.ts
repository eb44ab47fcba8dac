import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningServer } from '../start/listen.js';
import type { Stopping } from './stopping.js';

/** Most jobs that somebody waits for end within it; the rest are answered by 202, whose job goes on. */
const WAITS_MS = 5_000;

/** What is told to whom, and its tellers. */
export function createStopping(): {
  readonly stopping: Stopping;
  /**
   * `/readyz` fails and answers close their connections → `drainMs` for load balancers to notice → nothing is accepted → waits end
   * → what still runs is cut after `shutdownMs`. Resolves when the last request has ended.
   */
  readonly stopServing: (
    server: RunningServer,
    times: { drainMs: number; shutdownMs: number },
  ) => Promise<void>;
} {
  const asked = new AbortController();
  const waitsEnd = new AbortController();
  // Each request that waits listens; Node would warn of the eleventh.
  setMaxListeners(0, waitsEnd.signal);
  return {
    stopping: { asked: asked.signal, waitsEnd: waitsEnd.signal },
    async stopServing(server, { drainMs, shutdownMs }) {
      asked.abort();
      server.lastAnswers();
      await sleep(drainMs);
      // Half of it at most, or answers would be cut that have just been begun.
      const end = setTimeout(
        () => {
          waitsEnd.abort();
        },
        Math.min(WAITS_MS, shutdownMs / 2),
      );
      await server.close(shutdownMs);
      clearTimeout(end);
    },
  };
}
