import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The first of `candidates` (absolute paths), then of $PATH's `name`, that this user may run. */
export async function findExecutable(
  name: string,
  candidates: readonly string[] = [],
): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const path of [...candidates, ...folders.map((folder) => join(folder, name))]) {
    const mayRun = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (mayRun) return path;
  }
  return undefined;
}
