import type { Retention } from '@facehash/contracts';
import type { Housekeeping, JobLogger } from '@facehash/jobs';
import { keyErasures, type ObjectStorage } from '@facehash/storage';
import { eraseKey } from './erase-key.js';
import { sweepRetention } from './sweep-retention.js';
import { sweepUploads } from './sweep-uploads.js';

/** Between two sweeps. What waits for one waits a day before, so it need not be soon. */
export const SWEEP_EVERY_MS = 15 * 60 * 1000;

const DAY_MS = 24 * 60 * 60 * 1000;

/** For lifetimes in one sweep: a key that is to be erased waits behind it. */
const RETENTION_MS = 60_000;

export interface SweepDependencies {
  readonly storage: ObjectStorage;
  readonly housekeeping: Housekeeping;
  readonly logger: Pick<JobLogger, 'info' | 'warn'>;
  /** What is kept how long under keys that say nothing else. */
  readonly installation: Retention;
  readonly now?: () => Date;
}

/**
 * Clears up after processes that died: uploads no job will fetch, halves of uploads, erasures of keys that were broken
 * off. Then has keys keep their lifetimes. Decides by what is stored and by Redis alone, so it does not matter which worker does it or how often.
 */
export async function sweep({
  storage,
  housekeeping,
  logger,
  installation,
  now = () => new Date(),
}: SweepDependencies): Promise<void> {
  const uploads = await sweepUploads({ storage, housekeeping, now: now() });
  const unfinished = await storage.deleteUnfinished(DAY_MS);
  if (uploads > 0 || unfinished > 0) logger.info({ uploads, unfinished }, 'swept up what nobody fetched');

  // Those of the last two days again: a worker that was frozen meanwhile may have written one more photo.
  for (const { key_id: keyId } of await keyErasures(storage).recent(new Date(now().getTime() - 2 * DAY_MS))) {
    await eraseKey({ storage, housekeeping }, keyId).catch((error: unknown) => {
      logger.warn({ err: error, key_id: keyId }, 'the erasure of a key is not finished');
    });
  }

  const deadline = performance.now() + RETENTION_MS;
  const mayGoOn = (): boolean => performance.now() < deadline;
  await sweepRetention({ storage, installation, logger, mayGoOn, now: now() });
}
