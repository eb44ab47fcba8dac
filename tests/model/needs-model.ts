import { strict as assert } from 'node:assert';
import type { Job } from '@facehash/contracts';
import { refusal, type Answer, type Caller } from './caller.js';
import { acceptedJob, assertBusy, assertSettled, settle } from './command.js';
import { recognizable, type KeyModel, type PendingChange } from './key-model.js';

interface Asked {
  /** What was under way when the request was sent. */
  readonly before: PendingChange | undefined;
  readonly hadModel: boolean;
  readonly answer: Answer;
}

/**
 * What a request that needs the key's model may be answered.
 * @returns its job; undefined where it was refused, and rightly
 */
export async function jobForModel(
  model: KeyModel,
  caller: Caller,
  { before, hadModel, answer }: Asked,
  expect: (ended: Job) => void,
): Promise<Job | undefined> {
  const { onTraining } = model;
  if (answer.status === 409) {
    if (refusal(answer, 'MODEL_TRAINING', 'MODEL_NOT_TRAINED').code === 'MODEL_TRAINING') {
      assert.equal(onTraining, 'reject', answer.text);
      assertBusy(model, before, answer);
      return undefined;
    }
    await settle(model, caller);
    assert(!hadModel || recognizable(model).length === 0, `there is a model: ${answer.text}`);
    const waits = onTraining === 'queue' && before !== undefined && model.pending === before;
    assert(!waits, `it did not wait for ${before?.jobId}: ${answer.text}`);
    return undefined;
  }
  if (onTraining === 'reject') await assertSettled(model, caller, answer);
  else await settle(model, caller);
  if (before === undefined) assert(hadModel, `nobody is enrolled: ${answer.text}`);

  const named = [before?.names, before?.forgets?.label].filter((label) => label !== undefined);
  const job = acceptedJob(model, answer, expect, named);
  // Its record goes with the person, should it name them.
  if (before?.forgets !== undefined) model.jobs.all.get(job.id)!.gone = 'maybe';
  assertWaitsOrIsStale(job, model, before);
  return job;
}

/** Whether the job knew of the change that was under way, and perhaps still is. */
function assertWaitsOrIsStale(job: Job, model: KeyModel, before: PendingChange | undefined): void {
  const told = JSON.stringify(job);
  const goesOn = before !== undefined && model.pending === before;
  if (model.onTraining === 'queue' && goesOn) {
    assert.deepEqual([job.status, job.waiting_for], ['queued', before.jobId], told);
  } else if (before === undefined || model.onTraining !== 'queue') assert.equal(job.waiting_for, null, told);

  if (job.status !== 'succeeded') return;
  if (model.onTraining === 'previous' && goesOn) assert.equal(job.model?.stale, true, told);
  else if (before === undefined || model.onTraining === 'queue') assert.equal(job.model?.stale, false, told);
}
