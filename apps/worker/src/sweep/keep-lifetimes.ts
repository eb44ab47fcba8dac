import { FOREVER, type Retention } from '@facehash/contracts';
import { auditLog, dayOf, daysAfter, daysBetween, photos, type ObjectStorage } from '@facehash/storage';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Lifetimes {
  readonly keyId: string;
  /** In force. */
  readonly retention: Retention;
  /** Whether entries are added to the key's audit log. */
  readonly audit: boolean;
  /** Whatever was written before this day is deleted already where its time was up. */
  readonly lookedThrough: string;
}

export interface SweepTurn {
  readonly storage: ObjectStorage;
  readonly now: Date;
  /** False when others have waited long enough. */
  readonly mayGoOn: () => boolean;
}

/** On which day the next is due, undefined = nothing ever is; or there was no more time. */
type Due = { readonly day: string | undefined } | 'unfinished';

/** Deletes what a key keeps beyond its time. */
export async function keepLifetimes(turn: SweepTurn, lifetimes: Lifetimes): Promise<Due> {
  const dues = [
    await letPhotosGo(turn, lifetimes.keyId, lifetimes.retention.photos_days),
    await endAuditDays(turn, lifetimes),
  ];
  if (dues.includes('unfinished')) return 'unfinished';
  const days = dues.flatMap((due) => (due === 'unfinished' || due.day === undefined ? [] : [due.day]));
  return { day: days.sort()[0] };
}

/** A day of the log at a time: none of its entries is read, and those that stay are not even listed. */
async function endAuditDays({ storage, now, mayGoOn }: SweepTurn, lifetimes: Lifetimes): Promise<Due> {
  const { keyId, retention, audit, lookedThrough } = lifetimes;
  const log = auditLog(storage, keyId);
  if (!audit && !(await log.hasAny())) return { day: undefined };
  const today = dayOf(now);
  for (const day of daysBetween(
    daysAfter(lookedThrough, -retention.audit_days - 1),
    daysAfter(today, -retention.audit_days - 1),
  )) {
    if (!mayGoOn()) return 'unfinished';
    await log.deleteDay(day);
  }
  return { day: daysAfter(today, 1) };
}

async function letPhotosGo(
  { storage, now, mayGoOn }: SweepTurn,
  keyId: string,
  days: Retention['photos_days'],
): Promise<Due> {
  if (days === FOREVER) return { day: undefined };
  const kept = photos(storage, keyId);
  // What comes from now on is not due before what came now.
  let oldest = now.getTime();
  for await (const photo of kept.kept()) {
    if (!mayGoOn()) return 'unfinished';
    // One a day old is no longer in the hands of a job, so its numbers are stored, or it is deleted by that.
    const ageMs = now.getTime() - photo.writtenAt.getTime();
    if (ageMs >= Math.max(1, days) * DAY_MS) await kept.letGo(photo);
    else oldest = Math.min(oldest, photo.writtenAt.getTime());
  }
  return { day: dayOf(new Date(oldest + (Math.max(1, days) + 1) * DAY_MS)) };
}
