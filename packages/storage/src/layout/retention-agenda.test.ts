import { describe, expect, it } from '@jest/globals';
import { STANDARD_RETENTION } from '@facehash/contracts';
import type { ObjectStorage } from '../object-storage.js';
import { temporaryStorage } from '../testing/temporary-storage.js';
import { daysBetween, retentionAgenda, type AgendaEntry } from './retention-agenda.js';

describe('retentionAgenda', () => {
  let storage: ObjectStorage;
  temporaryStorage((opened) => void (storage = opened));

  async function due(today: string): Promise<AgendaEntry[]> {
    const agenda = retentionAgenda(storage);
    const entries: AgendaEntry[] = [];
    for await (const entry of agenda.due(await agenda.state('2026-11-20'), today)) entries.push(entry);
    return entries;
  }

  it('gives those of today, of days that were missed and of no day, and none of a day to come', async () => {
    const agenda = retentionAgenda(storage);
    await agenda.enlist('key_1');
    await agenda.enlistFor('key_2', '2026-11-22');
    await agenda.enlistFor('key_3', '2026-11-24');
    await agenda.enlistFor('key_4', '2026-11-25');
    const ids = (await due('2026-11-24')).map(({ keyId }) => keyId);
    expect(ids).toEqual(['key_1', 'key_2', 'key_3']);
  });

  it('has a key once a day, and no more when it is struck off', async () => {
    const agenda = retentionAgenda(storage);
    await agenda.enlistFor('key_1', '2026-11-22');
    await agenda.enlistFor('key_1', '2026-11-22');
    const [entry, ...others] = await due('2026-11-24');
    expect(others).toEqual([]);
    await agenda.strike(entry!);
    expect(await due('2026-11-24')).toEqual([]);
  });

  it('asks for no day before the one it has come to', async () => {
    const agenda = retentionAgenda(storage);
    const state = { installation: STANDARD_RETENTION, enlistedAfter: null, firstDay: '2026-11-23' };
    await agenda.putState(state);
    expect(await agenda.state('2026-11-24')).toEqual(state);
    await agenda.enlistFor('key_1', '2026-11-22');
    expect(await due('2026-11-24')).toEqual([]);
  });
});

describe('daysBetween', () => {
  it('counts the days of a year’s end, and none backwards', () => {
    expect(daysBetween('2026-12-30', '2027-01-02')).toHaveLength(4);
    expect(daysBetween('2026-11-25', '2026-11-24')).toEqual([]);
  });
});
