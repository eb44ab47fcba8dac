import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from './process-identity.js';
import { startProcess, type ProcessOptions } from './start-process.js';

export interface KeptProcess {
  readonly identity: ProcessIdentity;
  /** Asks it to end, kills it after `graceMs`, and starts it no more. */
  stop(graceMs: number): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** One that lived this long did its work: the next crash is a new story and the pause starts small again. */
const STEADY_MS = 60_000;

/**
 * Starts a process, waits until it is ready, and starts it again whenever it ends by itself.
 * @param onRestart called after a restart, when `identity` is another one
 * @throws Error when it ends before it was ready for the first time: something is missing then, and trying again helps nobody
 */
export async function keepRunning(options: ProcessOptions, onRestart: () => void): Promise<KeptProcess> {
  const { name, print } = options;
  const stopping = new AbortController();
  let current = await startProcess(options);
  const how = await Promise.race([current.ready, current.exited]);
  if (how !== undefined)
    throw new Error(
      `${name} ended before it was ready (${how}); ${options.logFile ?? 'its lines above'} say why`,
    );

  async function keepAlive(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      const startedAt = Date.now();
      const how = await current.exited;
      if (stopping.signal.aborted) return;
      if (Date.now() - startedAt > STEADY_MS) pauseMs = FIRST_PAUSE_MS;
      print(`${name} ended (${how}) and starts again in ${pauseMs} ms`);
      await sleep(pauseMs, undefined, { signal: stopping.signal });
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      current = await startProcess(options);
      onRestart();
    }
  }

  const kept = keepAlive().catch((error: unknown) => {
    if (!stopping.signal.aborted) print(`${name} cannot be started again: ${String(error)}`);
  });
  return {
    get identity() {
      return current.identity;
    },
    async stop(graceMs) {
      stopping.abort();
      await current.stop(graceMs);
      await kept;
    },
  };
}
