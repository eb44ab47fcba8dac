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
  if (answer.status === 409) {
    if (refusal(answer, 'MODEL_TRAINING', 'MODEL_NOT_TRAINED').code === 'MODEL_TRAINING') {
      assertBusy(model, before, answer);
      return undefined;
    }
    await settle(model, caller);
    assert(!hadModel || recognizable(model).length === 0, `there is a model: ${answer.text}`);
    return undefined;
  }
  await assertSettled(model, caller, answer);
  assert(recognizable(model).length > 0, `nobody is enrolled: ${answer.text}`);
  return acceptedJob(model, answer, expect);
}
