import { strict as assert } from 'node:assert';
import { isEnded, type Job, type VerifyResult } from '@facehash/contracts';
import fc from 'fast-check';
import { refusal, type Caller } from '../caller.js';
import { command, settle, type KeyCommand } from '../command.js';
import { labelOf, recognizable, type KeyModel } from '../key-model.js';
import { jobForModel } from '../needs-model.js';
import { PEOPLE, VIEWS } from '../pictures.js';

interface Claimed {
  readonly person: number;
  /** Whose picture is sent. */
  readonly shown: number;
  readonly view: number;
  readonly wait: boolean;
}

function assertVerification({ status, result, error }: Job, model: KeyModel, { pictures }: Caller): void {
  if (status === 'canceled') return;
  if (status === 'failed') {
    // By the time of its turn nobody, or not this person, may be in the model.
    assert(['MODEL_NOT_TRAINED', 'LABEL_UNKNOWN'].includes(error!.code), JSON.stringify(error));
    return;
  }
  const { label, match, score, threshold, images } = result as VerifyResult;
  assert(label?.includes(model.marker), JSON.stringify(result));
  assert.equal(match, score >= threshold);
  assert.deepEqual(
    images.map(({ width, height }) => ({ width, height })),
    [pictures.size],
  );
}

const verifyLabel = ({ person, shown, view, wait }: Claimed): KeyCommand =>
  command(`verify that ${shown}, view ${view}, is ${person}`, async (model, caller) => {
    await settle(model, caller);
    const label = labelOf(model, person);
    const before = model.pending;
    const hadModel = recognizable(model).length > 0;
    const enrolled = model.people.get(person);
    const known = enrolled !== undefined && enrolled.learnt > 0;
    const answer = await caller.ask('POST', '/v1/verify', {
      prefer: wait ? 'wait=20' : 'respond-async',
      fields: { label },
      files: [{ field: 'image', name: `${model.marker}.jpg`, bytes: caller.pictures.portrait(shown, view) }],
    });
    if (answer.status === 422) {
      refusal(answer, 'LABEL_UNKNOWN');
      assert(enrolled === undefined || before?.forgets === enrolled, `${label} is enrolled: ${answer.text}`);
      return;
    }
    const job = await jobForModel(model, caller, { before, hadModel, answer }, (ended) => {
      assertVerification(ended, model, caller);
    });
    // What was so before and after an answer that came in time was so for its job.
    if (job === undefined || !isEnded(job.status) || before !== undefined) return;
    assert.equal(job.status === 'succeeded', known, JSON.stringify(job));
  });

const index = (below: number) => fc.integer({ min: 0, max: below - 1 });

export const verifyLabelCommands: fc.Arbitrary<KeyCommand>[] = [
  fc
    .record({ person: index(PEOPLE), shown: index(PEOPLE), view: index(VIEWS), wait: fc.boolean() })
    .map(verifyLabel),
];
