import { strict as assert } from 'node:assert';
import {
  subjectResourceSchema,
  type EnrolResult,
  type Job,
  type RefusedPhoto,
  type TrainResult,
} from '@facehash/contracts';
import fc from 'fast-check';
import { bodyAs, refusal, type Answer, type Caller, type File } from '../caller.js';
import {
  acceptedJob,
  assertBusy,
  begin,
  command,
  settle,
  settleBeforeChange,
  type KeyCommand,
} from '../command.js';
import {
  addPhotos,
  allowLabel,
  labelOf,
  learnAll,
  recognizable,
  type KeyModel,
  type PendingChange,
} from '../key-model.js';
import { PEOPLE, VIEWS } from '../pictures.js';

interface Sent {
  readonly person: number;
  readonly views: readonly number[];
  readonly spoiled: readonly ('nobody' | 'text')[];
}

interface Enrolment extends Sent {
  readonly wait: boolean;
}

export const enrol = (o: Enrolment): KeyCommand =>
  command(`enrol ${JSON.stringify(o)}`, async (model, caller) => {
    await settle(model, caller);
    const deleted = model.pending?.forgets;
    // A deletion takes along the trainings that wait for its turn.
    if (deleted !== undefined && deleted === model.people.get(o.person))
      await settleBeforeChange(model, caller);
    const before = model.pending;
    const label = labelOf(model, o.person);
    const files = photosOf(model, caller, o);
    const answer = await caller.ask('POST', '/v1/train', {
      ...{ prefer: o.wait ? 'wait=20' : 'respond-async', fields: { label }, files },
    });
    if (answer.status === 409) {
      assertRefusable(model, before, answer);
      return;
    }
    await settle(model, caller);
    const isOnly = model.pending === undefined;
    assert(isOnly || model.onTraining !== 'reject', `two trainings at once: ${answer.text}`);
    const known = model.people.get(o.person);
    allowLabel(model, label);
    const job = acceptedJob(
      model,
      answer,
      (ended) => {
        assertEnrolment(ended, o, known?.id, model);
      },
      [label],
    );
    await begin(model, caller, {
      ...{ jobId: job.id, names: label },
      apply({ status, result }) {
        if (status !== 'succeeded') return;
        const { subject_id, photos } = result as TrainResult;
        addPhotos(model, o.person, { id: subject_id!, label, accepted: photos.accepted });
        learnAll(model);
        const { model: fitted } = result as TrainResult;
        // Others may have been fitted along, or be there by now.
        if (model.onTraining !== 'reject' || !isOnly) return;
        const everybody = recognizable(model);
        assert.equal(fitted.labels, everybody.length, JSON.stringify(result));
        assert.equal(
          fitted.photos,
          everybody.reduce((sum, one) => sum + one.photos, 0),
          JSON.stringify(result),
        );
      },
    });
  });

/** Where trainings wait for each other none is refused. */
function assertRefusable(model: KeyModel, before: PendingChange | undefined, answer: Answer): void {
  assert.equal(model.onTraining, 'reject', answer.text);
  assertBusy(model, before, answer);
}

export function photosOf(model: KeyModel, caller: Caller, { person, views, spoiled }: Sent): File[] {
  const file = (bytes: Buffer, what: string): File => ({
    field: 'photos',
    name: `${model.marker} ${what}.jpg`,
    bytes,
  });
  return [
    ...views.map((view) => file(caller.pictures.portrait(person, view), `portrait ${view}`)),
    ...spoiled.map((what) => file(caller.pictures[what], what)),
  ];
}

export function assertEnrolment(job: Job, o: Sent, knownId: string | undefined, model: KeyModel): void {
  const told = JSON.stringify(job);
  if (job.status === 'succeeded') {
    const { label, subject_id, photos } = job.result as TrainResult | EnrolResult;
    assert(label?.includes(model.marker), told);
    assert(knownId === undefined || subject_id === knownId, told);
    assert.equal(photos.accepted + photos.refused.length, o.views.length + o.spoiled.length, told);
    assert(photos.accepted <= o.views.length, told);
  } else if (job.status === 'failed') {
    assert(job.error?.code === 'NO_USABLE_PHOTOS', told);
    // Photos of a face are good, unless they are there already.
    const refused = job.error.refused as RefusedPhoto[];
    const portraits = refused.filter(({ file_name }) => file_name.includes('portrait'));
    assert.equal(portraits.length, o.views.length, told);
    assert(
      portraits.every(({ reason }) => reason === 'DUPLICATE'),
      told,
    );
  }
}

const retrain = command('retrain', async (model, caller) => {
  await settle(model, caller);
  const before = model.pending;
  const answer = await caller.ask('POST', '/v1/train', { prefer: 'wait=20' });
  if (answer.status === 409) {
    assertRefusable(model, before, answer);
    return;
  }
  await settle(model, caller);
  const isOnly = model.pending === undefined;
  const somebody = [...model.people.values()].some(({ photos }) => photos > 0);
  const job = acceptedJob(model, answer, ({ status, error }) => {
    if (status === 'canceled' || !isOnly) return;
    assert.equal(status, somebody ? 'succeeded' : 'failed', JSON.stringify(error));
    if (!somebody) assert.equal(error?.code, 'NO_USABLE_PHOTOS');
  });
  await begin(model, caller, {
    jobId: job.id,
    apply({ status }) {
      if (status === 'succeeded') learnAll(model);
    },
  });
});

const trainWithoutPhotos = command('train a label without photos', async (model, caller) => {
  await settle(model, caller);
  const before = model.pending;
  const answer = await caller.ask('POST', '/v1/train', { fields: { label: labelOf(model, 0) } });
  if (
    before !== undefined &&
    refusal(answer, 'MISSING_FILE', 'TRAINING_IN_PROGRESS').code !== 'MISSING_FILE'
  ) {
    assertBusy(model, before, answer);
  }
});

/** Read back at once: what an ended training has enrolled is there for whoever heard of its end. */
export const enrolAndRead = (person: number): KeyCommand =>
  command(`enrol ${person} and read`, async (model, caller) => {
    await enrol({ person, views: [0, 1, 2], spoiled: [], wait: true }).run(model, caller);
    const enrolled = model.people.get(person);
    if (model.pending !== undefined || enrolled === undefined) return;
    const answer = await caller.ask('GET', `/v1/subjects/${encodeURIComponent(enrolled.label)}`);
    assert.equal(bodyAs(answer, subjectResourceSchema).photos, enrolled.photos);
  });

const person = fc.integer({ min: 0, max: PEOPLE - 1 });

export const trainCommands: fc.Arbitrary<KeyCommand>[] = [
  person.map(enrolAndRead),
  fc
    .record({
      person,
      views: fc.uniqueArray(fc.integer({ min: 0, max: VIEWS - 1 }), { minLength: 1, maxLength: 3 }),
      spoiled: fc.subarray(['nobody', 'text'] as const, { maxLength: 1 }),
      wait: fc.boolean(),
    })
    .map(enrol),
  fc
    .record({
      person,
      views: fc.constant([]),
      spoiled: fc.subarray(['nobody', 'text'] as const, { minLength: 1 }),
      wait: fc.boolean(),
    })
    .map(enrol),
  fc.constant(retrain),
  fc.constant(trainWithoutPhotos),
];
