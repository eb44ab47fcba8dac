import { FOREVER, type Retention } from '@facehash/contracts';
import { dayOf, photos, type ObjectStorage } from '@facehash/storage';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Lifetimes {
  readonly keyId: string;
  /** In force. */
  readonly retention: Retention;
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
export async function keepLifetimes(turn: SweepTurn, { keyId, retention }: Lifetimes): Promise<Due> {
  return letPhotosGo(turn, keyId, retention.photos_days);
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
