import { FOREVER, retentionOf, type Retention } from '@facehash/contracts';
import type { JobLogger } from '@facehash/jobs';
import { apiKeys, dayOf, daysAfter, inBatches, retentionAgenda, type AgendaEntry } from '@facehash/storage';
import { isDeepStrictEqual } from 'node:util';
import { keepLifetimes, type SweepTurn } from './keep-lifetimes.js';

/** Keys enlisted between two notes of how far that is. */
const NOTED_KEYS = 1000;
const WRITES_AT_ONCE = 16;

export interface RetentionSweep extends SweepTurn {
  /** In force for keys that say nothing else. */
  readonly installation: Retention;
  readonly logger: Pick<JobLogger, 'info' | 'warn'>;
}

/**
 * Has every key whose day has come keep its lifetimes. Which those are the agenda says, so the other keys cost nothing. What a
 * run has no time for is due at the next one; what one leaves half done, too.
 */
export async function sweepRetention(sweep: RetentionSweep): Promise<void> {
  const { storage, now, mayGoOn } = sweep;
  const agenda = retentionAgenda(storage);
  const today = dayOf(now);
  await enlistAfterChange(sweep, today);
  const state = await agenda.state(today);
  for await (const entry of agenda.due(state, today)) {
    if (!mayGoOn()) return;
    await visit(sweep, entry);
  }
  if (state.firstDay !== today) await agenda.putState({ ...state, firstDay: today });
}

async function visit(sweep: RetentionSweep, entry: AgendaEntry): Promise<void> {
  const { storage, now, installation, logger } = sweep;
  const { keyId } = entry;
  const agenda = retentionAgenda(storage);
  const tomorrow = { keyId, day: daysAfter(dayOf(now), 1) };
  // Whatever breaks off below is taken up again. The entry goes before the key is read: who changes the key enlists it anew.
  await agenda.enlistFor(keyId, tomorrow.day);
  await agenda.strike(entry);
  try {
    const key = await apiKeys(storage).get(keyId);
    const due =
      key === undefined
        ? { day: undefined }
        : await keepLifetimes(sweep, {
            ...{ keyId, audit: key.audit, retention: retentionOf(key.retention, installation) },
            // Who is looked at whatever the day may have been told to keep things for less.
            lookedThrough: entry.day <= dayOf(now) ? entry.day : dayOf(new Date(key.createdAt)),
          });
    if (due === 'unfinished') await agenda.enlist(keyId);
    else if (due.day === tomorrow.day) return;
    else if (due.day !== undefined) await agenda.enlistFor(keyId, due.day);
    await agenda.strike(tomorrow);
  } catch (error) {
    logger.warn(
      { err: error, key_id: keyId },
      'the lifetimes of a key could not be kept; tried again tomorrow',
    );
  }
}

/** Keys that say nothing of their own are on no list for the installation's new lifetimes. */
async function enlistAfterChange(sweep: RetentionSweep, today: string): Promise<void> {
  const { storage, installation, mayGoOn, logger } = sweep;
  const agenda = retentionAgenda(storage);
  const state = await agenda.state(today);
  if (isDeepStrictEqual(state.installation, installation)) return;
  if (installation.photos_days !== FOREVER) {
    let keys = 0;
    const following = apiKeys(storage).ids(state.enlistedAfter ?? undefined);
    for await (const some of inBatches(following, NOTED_KEYS)) {
      if (!mayGoOn()) return;
      for (let at = 0; at < some.length; at += WRITES_AT_ONCE) {
        await Promise.all(some.slice(at, at + WRITES_AT_ONCE).map((id) => agenda.enlist(id)));
      }
      await agenda.putState({ ...state, enlistedAfter: some.at(-1)! });
      keys += some.length;
    }
    logger.info({ keys }, 'every key is looked at under the new lifetimes');
  }
  await agenda.putState({ ...state, installation, enlistedAfter: null });
}
