import { strict as assert } from 'node:assert';
import {
  modelResourceSchema,
  photoListSchema,
  subjectListSchema,
  subjectResourceSchema,
  type EraseResult,
  type SubjectResource,
} from '@facehash/contracts';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyAs, refusal, type Answer, type Caller } from '../caller.js';
import {
  acceptedJob,
  assertBusy,
  command,
  readWhileSettled,
  settle,
  settleBeforeChange,
  type KeyCommand,
} from '../command.js';
import {
  allowLabel,
  beginForgetting,
  forget,
  labelOf,
  learnAll,
  recognizable,
  type EnrolledPerson,
  type KeyModel,
} from '../key-model.js';
import { PEOPLE } from '../pictures.js';

const pathOf = (model: KeyModel, person: number): string =>
  `/v1/subjects/${encodeURIComponent(labelOf(model, person))}`;

function assertIs(resource: SubjectResource, { id, label, photos, metadata }: EnrolledPerson): void {
  const { id: toldId, label: toldLabel, photos: toldPhotos, metadata: toldMetadata } = resource;
  assert.deepEqual([toldId, toldLabel, toldPhotos, toldMetadata], [id, label, photos, metadata]);
}

const readOne = (person: number): KeyCommand =>
  command(`read person ${person}`, (model, caller) =>
    readWhileSettled(model, caller, pathOf(model, person), (answer) => {
      const enrolled = model.people.get(person);
      if (enrolled === undefined) refusal(answer, 'NOT_FOUND');
      else assertIs(bodyAs(answer, subjectResourceSchema), enrolled);
    }),
  );

const readAll = command('list people', (model, caller) =>
  readWhileSettled(model, caller, '/v1/subjects?limit=100', (answer) => {
    const told = bodyAs(answer, subjectListSchema).data;
    const enrolled = [...model.people.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    assert.equal(told.length, enrolled.length, answer.text);
    for (const [at, resource] of told.entries()) assertIs(resource, enrolled[at]!);
  }),
);

const readPhotos = (person: number): KeyCommand =>
  command(`list photos of ${person}`, (model, caller) =>
    readWhileSettled(model, caller, `${pathOf(model, person)}/photos?limit=100`, (answer) => {
      const enrolled = model.people.get(person);
      if (enrolled === undefined) refusal(answer, 'NOT_FOUND');
      else assert.equal(bodyAs(answer, photoListSchema).data.length, enrolled.photos);
    }),
  );

const readModel = command('read the model', (model, caller) =>
  readWhileSettled(model, caller, '/v1/model', async (answer) => {
    const known = recognizable(model).map(({ id, label, learnt }) => ({
      ...{ label, subject_id: id, photos: learnt },
    }));
    await assertPendingPhotos(model, caller, answer);
    if (known.length === 0) {
      refusal(answer, 'NOT_FOUND');
      return;
    }
    const bySubject = (a: { subject_id: string }, b: { subject_id: string }) =>
      a.subject_id < b.subject_id ? -1 : 1;
    const told = bodyAs(answer, modelResourceSchema);
    assert.deepEqual(told.labels.sort(bySubject), known.sort(bySubject));
    assert.equal(told.training, null);
  }),
);

/** Told with a model and without one. What a job leaves that failed or was cancelled goes a moment after its end. */
async function assertPendingPhotos(model: KeyModel, caller: Caller, first: Answer): Promise<void> {
  const pending = [...model.people.values()].reduce((sum, { photos, learnt }) => sum + photos - learnt, 0);
  const told = ({ text }: Answer) => (JSON.parse(text) as { pending_photos: number }).pending_photos;
  let answer = first;
  for (let tries = 0; told(answer) !== pending && tries < 50; tries++) {
    await sleep(100);
    answer = await caller.ask('GET', '/v1/model');
  }
  assert.equal(told(answer), pending, answer.text);
}

/** Name 0 is the one a person is enrolled by; others are for renaming. */
const rename = ({ person, name }: { person: number; name: number }): KeyCommand =>
  command(`rename ${person} to ${name}`, async (model, caller) => {
    await settleBeforeChange(model, caller);
    const before = model.pending;
    // A label that is another one's, or a spare one of their own: never one by which somebody not yet enrolled would be asked for.
    const other = name % PEOPLE === person ? undefined : model.people.get(name % PEOPLE);
    const label = other?.label ?? `Person ${person} ${model.marker}${name < PEOPLE ? '' : ' again'}`;
    const answer = await caller.ask('PUT', pathOf(model, person), { json: { label } });
    if (isBusy(model, before, answer)) return;
    await settle(model, caller);
    const enrolled = model.people.get(person);
    if (enrolled === undefined) refusal(answer, 'NOT_FOUND');
    else if ([...model.people.values()].some((one) => one !== enrolled && one.label === label)) {
      refusal(answer, 'LABEL_TAKEN');
    } else {
      enrolled.label = label;
      allowLabel(model, label);
      assertIs(bodyAs(answer, subjectResourceSchema), enrolled);
    }
  });

const describe = ({ person, note }: { person: number; note: string }): KeyCommand =>
  command(`note on ${person}: ${JSON.stringify(note)}`, async (model, caller) => {
    await settleBeforeChange(model, caller);
    const before = model.pending;
    const metadata = { note: `${model.marker} ${note}` };
    const answer = await caller.ask('PUT', pathOf(model, person), { json: { metadata } });
    if (isBusy(model, before, answer)) return;
    await settle(model, caller);
    const enrolled = model.people.get(person);
    if (enrolled === undefined) {
      refusal(answer, 'NOT_FOUND');
      return;
    }
    enrolled.metadata = metadata;
    assertIs(bodyAs(answer, subjectResourceSchema), enrolled);
  });

const erase = ({ person, wait }: { person: number; wait: boolean }): KeyCommand =>
  command(`erase ${person}${wait ? ', waiting' : ''}`, async (model, caller) => {
    await settleBeforeChange(model, caller);
    const before = model.pending;
    const answer = await caller.ask('DELETE', pathOf(model, person), {
      prefer: wait ? 'wait=20' : 'respond-async',
    });
    if (isBusy(model, before, answer)) return;
    await settle(model, caller);
    const enrolled = model.people.get(person);
    if (enrolled === undefined) {
      refusal(answer, 'NOT_FOUND');
      return;
    }
    beginForgetting(model, enrolled);
    const job = acceptedJob(model, answer);
    model.pending = {
      jobId: job.id,
      forgets: enrolled,
      apply({ status, result }) {
        if (status !== 'succeeded') return;
        const { erased } = result as EraseResult;
        assert.deepEqual([erased.subjects, erased.photos], [1, enrolled.photos], JSON.stringify(result));
        model.people.delete(person);
        if (enrolled.learnt > 0) learnAll(model);
        forget(model, enrolled);
      },
    };
    await settle(model, caller);
  });

const erasePhoto = ({ person, at }: { person: number; at: number }): KeyCommand =>
  command(`erase photo ${at} of ${person}`, async (model, caller) => {
    await settleBeforeChange(model, caller);
    const before = model.pending;
    const photos = await caller.ask('GET', `${pathOf(model, person)}/photos?limit=100`);
    const ids = photos.status === 200 ? bodyAs(photos, photoListSchema).data.map(({ id }) => id) : [];
    const id = ids[at % Math.max(1, ids.length)];
    if (id === undefined) return;
    const answer = await caller.ask('DELETE', `${pathOf(model, person)}/photos/${id}`, { prefer: 'wait=20' });
    if (isBusy(model, before, answer)) return;
    await settle(model, caller);
    const enrolled = model.people.get(person);
    if (enrolled === undefined) {
      refusal(answer, 'NOT_FOUND');
      return;
    }
    const job = acceptedJob(model, answer);
    model.pending = {
      jobId: job.id,
      apply({ status, result }) {
        if (status !== 'succeeded') return;
        const { erased } = result as EraseResult;
        assert.deepEqual([erased.subjects, erased.photos], [0, 1], JSON.stringify(result));
        enrolled.photos -= 1;
        // Whom no model knows is deleted from none.
        if (enrolled.learnt > 0) learnAll(model);
      },
    };
    await settle(model, caller);
  });

function isBusy(model: KeyModel, before: KeyModel['pending'], answer: Answer): boolean {
  if (answer.status !== 409 || answer.text.includes('LABEL_TAKEN')) return false;
  assertBusy(model, before, answer);
  return true;
}

/** One after the other or at once, what only looks must never fail. */
export const lookAround = command('look around', async (model: KeyModel, caller: Caller) => {
  await settle(model, caller);
  const looks = [readAll, readModel, ...Array.from({ length: PEOPLE }, (_, person) => readOne(person))];
  await Promise.all(looks.map((look) => look.run(model, caller)));
});

const person = fc.integer({ min: 0, max: PEOPLE - 1 });

export const subjectCommands: fc.Arbitrary<KeyCommand>[] = [
  person.map(readOne),
  person.map(readPhotos),
  fc.constant(readModel),
  fc.constant(lookAround),
  fc.record({ person, name: fc.integer({ min: 0, max: 2 * PEOPLE - 1 }) }).map(rename),
  fc.record({ person, note: fc.string({ maxLength: 20 }) }).map(describe),
  fc.record({ person, wait: fc.boolean() }).map(erase),
  fc.record({ person, at: fc.nat({ max: 10 }) }).map(erasePhoto),
];
