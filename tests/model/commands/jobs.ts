import { strict as assert } from 'node:assert';
import { jobListSchema, jobSchema } from '@facehash/contracts';
import fc from 'fast-check';
import { bodyAs, refusal, type Caller } from '../caller.js';
import { command, settle, type KeyCommand } from '../command.js';
import { followEvents } from '../follow-events.js';
import type { JobHistory } from '../job-histories.js';
import type { KeyModel } from '../key-model.js';

/** A job the key has sent, by a number that means another one as there are more. */
const jobAt = (model: KeyModel, at: number): JobHistory | undefined => {
  const all = [...model.jobs.all.values()];
  return all[at % Math.max(1, all.length)];
};

export async function readJob(
  model: KeyModel,
  caller: Caller,
  job: JobHistory,
  prefer?: string,
): Promise<void> {
  const answer = await caller.ask('GET', `/v1/jobs/${job.id}`, prefer === undefined ? {} : { prefer });
  if (answer.status === 404 && job.gone !== 'no') {
    refusal(answer, 'NOT_FOUND');
    return;
  }
  model.jobs.saw(bodyAs(answer, jobSchema), answer.sentAt);
}

const read = ({ at, wait }: { at: number; wait: boolean }): KeyCommand =>
  command(`read job ${at}${wait ? ', waiting' : ''}`, async (model, caller) => {
    const job = jobAt(model, at);
    if (job !== undefined) await readJob(model, caller, job, wait ? 'wait=2' : undefined);
  });

const follow = (at: number): KeyCommand =>
  command(`follow job ${at}`, async (model, caller) => {
    await settle(model, caller);
    const job = jobAt(model, at);
    if (job !== undefined) caller.meanwhile(followEvents(model, caller, job.id));
  });

const cancel = (at: number): KeyCommand =>
  command(`cancel job ${at}`, async (model, caller) => {
    const job = jobAt(model, at);
    if (job === undefined) return;
    job.canceledByUs = true;
    const answer = await caller.ask('POST', `/v1/jobs/${job.id}/cancel`);
    if (answer.status === 404 && job.gone !== 'no') return;
    model.jobs.saw(bodyAs(answer, jobSchema), answer.sentAt);
    await settle(model, caller);
  });

const remove = (at: number): KeyCommand =>
  command(`delete job ${at}`, async (model, caller) => {
    await settle(model, caller);
    const job = jobAt(model, at);
    // Whether a change took place before it was deleted, nobody could tell.
    if (job === undefined || job.id === model.pending?.jobId) return;
    const wasGone = job.gone;
    job.gone = 'maybe';
    const answer = await caller.ask('DELETE', `/v1/jobs/${job.id}`);
    if (wasGone === 'no') assert.equal(answer.status, 204, answer.text);
    job.gone = 'yes';
    refusal(await caller.ask('GET', `/v1/jobs/${job.id}`), 'NOT_FOUND');
  });

const list = (limit: number): KeyCommand =>
  command(`list jobs by ${limit}`, async (model, caller) => {
    const told = new Set<string>();
    const before = new Map([...model.jobs.all.values()].map(({ id, gone }) => [id, gone]));
    let cursor: string | null = '';
    while (cursor !== null) {
      const after: string = cursor === '' ? '' : `&after=${encodeURIComponent(cursor)}`;
      const answer = await caller.ask('GET', `/v1/jobs?limit=${limit}${after}`);
      const page = bodyAs(answer, jobListSchema);
      for (const job of page.data) {
        assert(!told.has(job.id), `${job.id} is on two pages`);
        told.add(job.id);
        model.jobs.saw(job, answer.sentAt);
      }
      assert.equal(page.has_more, page.next_cursor !== null);
      cursor = page.next_cursor;
    }
    for (const [id, gone] of before) assert(told.has(id) || gone !== 'no', `${id} is in no page`);
  });

const at = fc.nat({ max: 1000 });

export const jobCommands: fc.Arbitrary<KeyCommand>[] = [
  fc.record({ at, wait: fc.boolean() }).map(read),
  at.map(follow),
  at.map(cancel),
  at.map(remove),
  fc.constantFrom(3, 50, 100).map(list),
];
