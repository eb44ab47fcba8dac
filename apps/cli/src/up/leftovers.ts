import type { DataDir } from '../data-dir.js';
import { endProcess, isRunning } from './process-identity.js';

const GRACE_MS = 10_000;

/**
 * Makes the folder free for a new server: ends what an `up` that was killed left running, as two redis-servers on one
 * append-only file would spoil it.
 * @throws Error when a server runs on the folder
 */
export async function endLeftovers(dataDir: DataDir, print: (line: string) => void): Promise<void> {
  const file = await dataDir.readUp();
  if (file === undefined) return;
  const [up, ...children] = file.processes;
  if (up !== undefined && (await isRunning(up))) {
    throw new Error(
      `A server already runs on ${dataDir.path}: ${file.url} (process ${up.pid}). Stop it, or give another --data-dir.`,
    );
  }
  for (const child of children) {
    if (!(await isRunning(child))) continue;
    print(`ending ${child.name} (process ${child.pid}), left over from a run that was killed`);
    await endProcess(child, GRACE_MS);
  }
  await dataDir.removeUp();
}
