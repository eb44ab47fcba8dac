import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** A process told from a later one that was given the same pid: by its start, in clock ticks since boot. */
export const processIdentitySchema = z.object({ name: z.string(), pid: z.int(), started: z.string() });

export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** undefined when there is no such process (any more). */
export async function identifyProcess(name: string, pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // proc(5): the second field is the program's name in brackets and may hold spaces; then come state (field 3) and,
  // as field 22, the start. A zombie has ended; where nobody collects it, it would seem to run for ever.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[22 - 3]];
  return started === undefined || state === 'Z' ? undefined : { name, pid, started };
}

export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(identity.name, identity.pid))?.started === identity.started;
}

/** Asks the process to end and waits; after `graceMs` it is killed. Ends nothing that merely has the same pid. */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs;
  if (await isRunning(identity)) signal(identity.pid, 'SIGTERM');
  while (await isRunning(identity)) {
    if (Date.now() > deadline) signal(identity.pid, 'SIGKILL');
    await sleep(50);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}
