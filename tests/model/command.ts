import { strict as assert } from 'node:assert';
import { isEnded, jobSchema, type Job } from '@facehash/contracts';
import type { AsyncCommand } from 'fast-check';
import { bodyAs, refusal, type Answer, type Caller } from './caller.js';
import { labelsNow, type KeyModel, type PendingChange } from './key-model.js';

export type KeyCommand = AsyncCommand<KeyModel, Caller>;

/** Every command is possible at any time: what it must be answered is the model's to say. */
export const command = (
  name: string,
  run: (model: KeyModel, caller: Caller) => Promise<void>,
): KeyCommand => ({ check: () => true, run, toString: () => name });

/** Learns whether the change under way has ended. */
export async function settle(model: KeyModel, caller: Caller, prefer?: string): Promise<void> {
  const { pending } = model;
  if (pending === undefined) return;
  const answer = await caller.ask('GET', `/v1/jobs/${pending.jobId}`, prefer === undefined ? {} : { prefer });
  const job = bodyAs(answer, jobSchema);
  // Another command beside this one may have been first.
  if (!isEnded(job.status) || model.pending !== pending) return;
  model.pending = undefined;
  if (job.status === 'canceled') model.clearing.add(job.id);
  pending.apply(job);
  model.jobs.saw(job, answer.sentAt);
}

/** Waits until nothing changes any more. */
export async function settleWholly(model: KeyModel, caller: Caller): Promise<void> {
  for (let tries = 0; model.pending !== undefined && tries < 6; tries++)
    await settle(model, caller, 'wait=20');
  assert(model.pending === undefined, `${model.pending?.jobId} does not end`);
}

/** Before a change of what is there: that may go beside trainings that wait for each other, and then both ends are right. */
export const settleBeforeChange = (model: KeyModel, caller: Caller): Promise<void> =>
  model.onTraining === 'reject' ? settle(model, caller) : settleWholly(model, caller);

/** Of two trainings that wait for each other the first is heard to its end, so that the model keeps to one. */
export async function begin(model: KeyModel, caller: Caller, change: PendingChange): Promise<void> {
  await settleWholly(model, caller);
  model.pending = change;
  await settle(model, caller);
}

/** After an answer that is right only while nothing changes: the change that was under way has ended meanwhile. */
export async function assertSettled(model: KeyModel, caller: Caller, answer: Answer): Promise<void> {
  await settle(model, caller);
  assert(
    model.pending === undefined,
    `answered although ${model.pending?.jobId} was under way: ${answer.text}`,
  );
}

/** Compares what is read with the model, where no change can have come between them. */
export async function readWhileSettled(
  model: KeyModel,
  caller: Caller,
  path: string,
  compare: (answer: Answer) => void | Promise<void>,
): Promise<void> {
  await settle(model, caller);
  const { pending } = model;
  const answer = await caller.ask('GET', path);
  if (pending === undefined) await compare(answer);
}

/** The key's turn is taken, and by a job of its own. */
export function assertBusy(model: KeyModel, before: PendingChange | undefined, answer: Answer): void {
  const problem = refusal(answer, 'TRAINING_IN_PROGRESS', 'MODEL_TRAINING');
  const holder = String(problem.training_job);
  assert(
    holder === before?.jobId || (problem.code === 'TRAINING_IN_PROGRESS' && model.clearing.has(holder)),
    `the key is busy with a job that cannot be: ${answer.text}`,
  );
  assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
}

/** A job accepted, as 202 or, ended in time, as 200. */
export function acceptedJob(
  model: KeyModel,
  answer: Answer,
  expect?: (job: Job) => void,
  moreLabels: readonly string[] = [],
): Job {
  const job = bodyAs(answer, jobSchema);
  assert.equal(answer.status === 200, isEnded(job.status), answer.text);
  assert.equal(answer.headers.get('location'), `/v1/jobs/${job.id}`);
  model.jobs.accepted(job, [...labelsNow(model), ...moreLabels], expect);
  return job;
}
