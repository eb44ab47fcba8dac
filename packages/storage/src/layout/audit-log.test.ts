import { describe, expect, it } from '@jest/globals';
import { newId, type AuditEntry } from '@facehash/contracts';
import type { ObjectStorage } from '../object-storage.js';
import { keysOf, temporaryStorage } from '../testing/temporary-storage.js';
import { auditLog } from './audit-log.js';

describe('auditLog', () => {
  let storage: ObjectStorage;
  temporaryStorage((opened) => void (storage = opened));
  const [ada, bob] = [newId('subject'), newId('subject')];

  const entryOf = (at: string, ...subjectIds: (string | null)[]): AuditEntry => ({
    ...{ id: newId('job'), object: 'audit_entry', type: 'recognize', at, request_id: 'req_1' },
    ...{ address: '192.0.2.1', secret_created_at: null, model: 'mdl_1' },
    answers: subjectIds.map((subject_id) => ({ outcome: 'named', subject_id, score: 3, threshold: 2 })),
  });

  async function read(from: string, to: string, after?: string) {
    const found: { entry: AuditEntry; position: string }[] = [];
    for await (const one of auditLog(storage, 'key_1').read(from, to, after)) found.push(one);
    return found;
  }

  it('gives the entries of the days asked for, oldest first, and goes on from any of them', async () => {
    const log = auditLog(storage, 'key_1');
    const times = ['22T23:59:59.999', '23T00:00:00.000', '23T10:00:00.000', '24T00:00:00.000'];
    const entries = times.map((time) => entryOf(`2026-11-${time}Z`, ada));
    for (const entry of [...entries].reverse()) await log.append(entry);
    await auditLog(storage, 'key_2').append(entryOf('2026-11-23T00:00:00.000Z', ada));
    const both = await read('2026-11-23', '2026-11-24');
    expect(both.map(({ entry }) => entry)).toEqual(entries.slice(1));
    const rest = await read('2026-11-22', '2026-11-24', both[0]?.position);
    expect(rest.map(({ entry }) => entry)).toEqual(entries.slice(2));
    expect(await read('2026-11-25', '2026-11-24')).toEqual([]);
    expect((await read('2026-11-22', '2026-11-23')).map(({ entry }) => entry)).toEqual(entries.slice(0, 3));
  });

  it('looks at the days there are, however many are asked for', async () => {
    const entry = entryOf('2026-11-23T10:00:00.000Z', ada);
    await auditLog(storage, 'key_1').append(entry);
    expect(await read('0001-01-01', '9999-12-31')).toEqual([expect.objectContaining({ entry })]);
  });

  it('forgets a person and keeps what else an entry says', async () => {
    const log = auditLog(storage, 'key_1');
    const [of, without] = [
      entryOf('2026-11-23T10:00:00.000Z', ada, bob, null),
      entryOf('2026-11-24T10:00:00.000Z', bob),
    ];
    await log.append(of);
    await log.append(without);
    expect(await log.forgetSubject(ada)).toBe(1);
    expect(await log.forgetSubject(ada)).toBe(0);
    const [first, second] = await read('2026-11-23', '2026-11-24');
    expect(first?.entry.answers.map(({ subject_id }) => subject_id)).toEqual([null, bob, null]);
    expect(second?.entry).toEqual(without);
    expect(await log.forgetSubject(bob, '2026-11-24')).toBe(1);
    expect((await read('2026-11-23', '2026-11-23'))[0]?.entry.answers[1]?.subject_id).toBe(bob);
  });

  it('is deleted day by day', async () => {
    const log = auditLog(storage, 'key_1');
    expect(await log.hasAny()).toBe(false);
    await log.append(entryOf('2026-11-23T10:00:00.000Z'));
    await log.append(entryOf('2026-11-24T10:00:00.000Z'));
    await log.deleteDay('2026-11-23');
    expect([await keysOf(storage), await log.hasAny()]).toEqual([
      [expect.stringContaining('/2026-11-24/')],
      true,
    ]);
  });
});
