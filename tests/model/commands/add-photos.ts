import { strict as assert } from 'node:assert';
import { isEnded, jobSchema, type EnrolResult } from '@facehash/contracts';
import fc from 'fast-check';
import { bodyAs } from '../caller.js';
import { acceptedJob, command, settle, settleWholly, type KeyCommand } from '../command.js';
import { addPhotos, allowLabel, labelOf } from '../key-model.js';
import { PEOPLE, VIEWS } from '../pictures.js';
import { assertEnrolment, photosOf } from './train.js';

interface Added {
  readonly person: number;
  readonly views: readonly number[];
  readonly spoiled: readonly ('nobody' | 'text')[];
}

/** Accepted at any time, also while the key trains; its last step waits for that. */
const add = (o: Added): KeyCommand =>
  command(`add photos ${JSON.stringify(o)}`, async (model, caller) => {
    await settle(model, caller);
    // A deletion takes along what is on its way to the person deleted, or that begins anew: both are right.
    if (model.onTraining !== 'reject') await settleWholly(model, caller);
    const known = model.people.get(o.person);
    if (known !== undefined && model.pending?.forgets === known) await settleWholly(model, caller);
    const before = model.pending;
    const label = labelOf(model, o.person);
    allowLabel(model, label);
    const path = `/v1/subjects/${encodeURIComponent(label)}/photos`;
    const answer = await caller.ask('POST', path, {
      ...{ prefer: 'respond-async', files: photosOf(model, caller, o) },
    });
    const knownId = model.people.get(o.person)?.id;
    let job = acceptedJob(
      model,
      answer,
      (ended) => {
        assertEnrolment(ended, o, knownId, model);
      },
      [label],
    );
    assert.equal(job.type, 'enrol');
    model.clearing.add(job.id);
    for (let tries = 0; !isEnded(job.status) && tries < 6; tries++) {
      const told = await caller.ask('GET', `/v1/jobs/${job.id}`, { prefer: 'wait=20' });
      job = bodyAs(told, jobSchema);
      model.jobs.saw(job, told.sentAt);
    }
    assert(isEnded(job.status), `${job.id} does not end`);
    await settle(model, caller);
    if (job.status !== 'succeeded') return;
    assert(
      before === undefined || model.pending === undefined,
      `${job.id} did not wait for ${before?.jobId}`,
    );
    const { subject_id: id, photos } = job.result as EnrolResult;
    addPhotos(model, o.person, { id, label, accepted: photos.accepted });
  });

export const addPhotosCommands: fc.Arbitrary<KeyCommand>[] = [
  fc
    .record({
      person: fc.integer({ min: 0, max: PEOPLE - 1 }),
      views: fc.uniqueArray(fc.integer({ min: 0, max: VIEWS - 1 }), { maxLength: 3 }),
      spoiled: fc.subarray(['nobody', 'text'] as const, { maxLength: 1 }),
    })
    .filter(({ views, spoiled }) => views.length + spoiled.length > 0)
    .map(add),
];
