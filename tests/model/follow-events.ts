import { strict as assert } from 'node:assert';
import { jobSchema, type Job } from '@facehash/contracts';
import type { Caller } from './caller.js';
import { assertFollows } from './job-histories.js';
import type { KeyModel } from './key-model.js';

/** Hears a job to its end by server-sent events: forwards only, and one end, the one that everybody else is told. */
export async function followEvents(model: KeyModel, caller: Caller, jobId: string): Promise<void> {
  const answer = await caller.ask('GET', `/v1/jobs/${jobId}/events`);
  const history = model.jobs.all.get(jobId)!;
  if (answer.status === 404 && history.gone !== 'no') return;
  assert.equal(answer.status, 200, answer.text);
  const events = [...answer.text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event, data]) => ({
    event,
    data: JSON.parse(data!) as Pick<Job, 'status' | 'progress'>,
  }));
  for (const [at, { data }] of events.entries()) {
    if (at > 0) assertFollows(events[at - 1]!.data, data);
  }
  const ends = events.filter(({ event }) => event === 'end');
  // The stream of a deleted job ends without an end.
  if (ends.length === 0 && history.gone !== 'no') return;
  assert.equal(ends.length, 1, answer.text);
  assert.equal(events.at(-1), ends[0]);
  const told = JSON.stringify(jobSchema.parse(ends[0]!.data));
  assert.equal(told, history.final ?? told);
  history.expect?.(JSON.parse(told) as Job);
}
