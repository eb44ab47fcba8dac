import {
  keyOfPath,
  lastingObjects,
  type KeptObject,
  type LeftOut,
  type ObjectStorage,
} from '@facehash/storage';
import type { Progress } from '../progress.js';
import { FORMAT_VERSION, type ArchiveFigures } from './archive-format.js';
import { writeArchive } from './write-archive.js';

export interface BackupFigures extends ArchiveFigures {
  readonly keys: number;
  readonly leftOut: Readonly<Record<LeftOut, number>>;
}

/** Everything that lasts, or one key with what is under it, to an archive, while the service goes on. @throws as `lastingObjects` and `writeArchive` do */
export async function backUp(
  storage: ObjectStorage,
  to: NodeJS.WritableStream,
  o: {
    readonly keyId: string | undefined;
    readonly isGzipped: boolean;
    readonly progress: Progress;
    readonly signal: AbortSignal;
  },
): Promise<BackupFigures> {
  const { keyId, isGzipped, progress, signal } = o;
  const leftOut: Record<LeftOut, number> = { deleted: 0, unfinished: 0 };
  const seen = { keys: 0, objects: 0, percent: 0 };
  const show = (): void => {
    progress.show(`${seen.objects} objects`, seen.percent);
  };
  const lasting = lastingObjects(storage, {
    keyId,
    leftOut: (what) => leftOut[what]++,
    onKey: (done, total) => {
      seen.percent = Math.floor((100 * done) / total);
      show();
    },
  });
  async function* counted(): AsyncGenerator<KeptObject> {
    for await (const object of lasting) {
      if (keyOfPath(object.key) !== undefined) seen.keys++;
      if (++seen.objects % 100 === 0) show();
      yield object;
    }
  }
  const header = {
    ...{ format: 'facehash-backup' as const, version: FORMAT_VERSION },
    ...{ created_at: new Date().toISOString(), key_id: keyId ?? null },
  };
  const figures = await writeArchive(counted(), to, { header, isGzipped, signal });
  return { ...figures, keys: seen.keys, leftOut };
}
