import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, ok, warn, type Verdict } from './check.js';

const GB = 1024 ** 3;

/** Whether a folder, which need not be there yet, has room. */
export async function diskSpace(folder: string): Promise<Verdict> {
  const { bavail, bsize } = await statfs(await nearestThere(folder));
  const free = (bavail * bsize) / GB;
  const text = `${free.toFixed(1)} GB free at ${folder}`;
  if (free >= 1) return ok(text);
  return free < 0.1 ? fail(text, 'Make room: nothing can be stored soon.') : warn(text, 'Make room.');
}

/** A folder that nothing was stored in yet does not exist; its disk does. */
async function nearestThere(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const isThere = await access(at).then(
      () => true,
      () => false,
    );
    if (isThere || at === dirname(at)) return at;
  }
}
