import { retentionSchema } from '@facehash/contracts';
import { z } from 'zod';
import type { ObjectStorage } from '../object-storage.js';
import { findDocument, putDocument } from './document.js';

const ROOT = 'retention/';
const DUE = `${ROOT}due/`;
const STATE = `${ROOT}state.json`;
const AT_ONCE = 'at-once';
const DAY_MS = 24 * 60 * 60 * 1000;

const stateSchema = z.object({
  /** Every key has been looked at under these lifetimes of the installation; null = under none yet. */
  installation: retentionSchema.partial().nullable(),
  /** Where the keys are being enlisted since those changed: the last that was; null = they are not. */
  enlistedAfter: z.string().nullable(),
  /** No earlier day has an entry. */
  firstDay: z.iso.date(),
});
export type AgendaState = z.infer<typeof stateSchema>;

/** A key that is to be looked at. */
export interface AgendaEntry {
  readonly keyId: string;
  /** `yyyy-mm-dd`, or a word for "whatever the day". */
  readonly day: string;
}

export interface RetentionAgenda {
  /** The next sweep looks at the key, whatever the day. */
  enlist(keyId: string): Promise<void>;
  /** Takes back an `enlist`. */
  unlist(keyId: string): Promise<void>;
  /** A sweep looks at the key on this day. */
  enlistFor(keyId: string, day: string): Promise<void>;
  /** Entries up to and with this day; those of days to come are not listed. */
  due(state: AgendaState, today: string): AsyncIterable<AgendaEntry>;
  /** Idempotent. */
  strike(entry: AgendaEntry): Promise<void>;
  state(today: string): Promise<AgendaState>;
  putState(state: AgendaState): Promise<void>;
}

/**
 * Which key has something stored whose time is up on which day. So a sweep asks about the keys of today alone, however many
 * there are. An entry holds nothing but its name, and one too many costs a look.
 */
export function retentionAgenda(storage: ObjectStorage): RetentionAgenda {
  const path = ({ keyId, day }: AgendaEntry): string => `${DUE}${day}/${keyId}`;
  const put = async (entry: AgendaEntry): Promise<void> => {
    // Not empty: some backup programs pass over files without bytes.
    await storage.put(path(entry), Buffer.from('due\n'));
  };

  return {
    enlist: (keyId) => put({ keyId, day: AT_ONCE }),
    unlist: (keyId) => storage.delete(path({ keyId, day: AT_ONCE })),
    enlistFor: (keyId, day) => put({ keyId, day }),

    async *due({ firstDay }, today) {
      for (const day of [AT_ONCE, ...daysBetween(firstDay, today)]) {
        for await (const key of storage.list(`${DUE}${day}/`)) {
          yield { keyId: key.slice(`${DUE}${day}/`.length), day };
        }
      }
    },

    strike: (entry) => storage.delete(path(entry)),

    async state(today) {
      const stored = await findDocument(storage, STATE, stateSchema);
      return stored ?? { installation: null, enlistedAfter: null, firstDay: today };
    },

    putState: (state) => putDocument(storage, STATE, stateSchema, state),
  };
}

/** Of UTC, as everything here. */
export const dayOf = (time: Date): string => time.toISOString().slice(0, 'yyyy-mm-dd'.length);

export const daysAfter = (day: string, days: number): string =>
  dayOf(new Date(Date.parse(day) + days * DAY_MS));

/** From the first to the last, both of them; none where the first is later. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = daysAfter(day, 1)) days.push(day);
  return days;
}
