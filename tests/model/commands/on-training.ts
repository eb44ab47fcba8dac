import { strict as assert } from 'node:assert';
import { keyResourceSchema, ON_TRAINING, type OnTraining } from '@facehash/contracts';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyAs } from '../caller.js';
import { command, settleWholly, type KeyCommand } from '../command.js';
import { recognition, recognizeOne, type Recognition } from './recognize.js';
import { enrol } from './train.js';
import { PEOPLE } from '../pictures.js';

/** A change of a key holds everywhere by then. */
const CHANGED_WITHIN_MS = 5_000;

const change = (onTraining: OnTraining): KeyCommand =>
  command(`on_training ${onTraining}`, async (model, caller) => {
    // Trainings that wait for each other hold no turn from their acceptance on, which `reject` would rely on.
    if (model.onTraining !== 'reject') await settleWholly(model, caller);
    const path = `/v1/keys/${caller.keyId}`;
    const answer = await caller.askAsAdmin('PATCH', path, { json: { on_training: onTraining } });
    assert.equal(bodyAs(answer, keyResourceSchema).on_training, onTraining);
    await sleep(CHANGED_WITHIN_MS);
    model.onTraining = onTraining;
  });

/** Recognition in the midst of trainings, which chance alone would seldom bring together. */
const trainMeanwhile = (people: readonly [number, number], looks: readonly Recognition[]): KeyCommand =>
  command(`train ${people.join(' and ')}, meanwhile ${JSON.stringify(looks)}`, async (model, caller) => {
    for (const person of people) {
      await enrol({ person, views: [0, 1], spoiled: [], wait: false }).run(model, caller);
      for (const look of looks) await recognizeOne(model, caller, look);
    }
  });

const person = fc.integer({ min: 0, max: PEOPLE - 1 });

export const onTrainingCommands: fc.Arbitrary<KeyCommand>[] = [
  fc.constantFrom(...ON_TRAINING).map(change),
  fc.constantFrom('previous', 'queue').map(change),
  fc
    .tuple(fc.tuple(person, person), fc.array(recognition, { minLength: 1, maxLength: 2 }))
    .map(([people, looks]) => trainMeanwhile(people, looks)),
];
