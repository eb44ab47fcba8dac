import { strict as assert } from 'node:assert';
import type { Job, RecognizeResult } from '@facehash/contracts';
import fc from 'fast-check';
import { refusal, type Caller } from '../caller.js';
import { assertBusy, command, settle, type KeyCommand } from '../command.js';
import { followEvents } from '../follow-events.js';
import { recognizable, type KeyModel } from '../key-model.js';
import { jobForModel } from '../needs-model.js';
import { PEOPLE, VIEWS } from '../pictures.js';

export interface Recognition {
  readonly person: number;
  readonly view: number;
  readonly raw: boolean;
  readonly wait: 'wait' | 'async' | 'follow';
}

export async function recognizeOne(model: KeyModel, caller: Caller, o: Recognition): Promise<void> {
  await settle(model, caller);
  const before = model.pending;
  const hadModel = recognizable(model).length > 0;
  const bytes = caller.pictures.portrait(o.person, o.view);
  const answer = await caller.ask('POST', '/v1/recognize', {
    prefer: o.wait === 'wait' ? 'wait=20' : 'respond-async',
    ...(o.raw ? { image: bytes } : { files: [{ field: 'image', name: `${model.marker}.jpg`, bytes }] }),
  });
  const job = await jobForModel(model, caller, { before, hadModel, answer }, (ended) => {
    assertRecognition(ended, caller);
  });
  if (job === undefined) return;
  if (o.wait === 'follow') caller.meanwhile(followEvents(model, caller, job.id));
}

/** The image is the one that this key sent: another key's has another width. */
function assertRecognition({ status, result, error }: Job, { pictures }: Caller): void {
  if (status === 'canceled') return;
  // Its model may be deleted, with the last person, between its acceptance and its turn.
  if (status === 'failed' && error?.code === 'MODEL_NOT_TRAINED') return;
  assert.equal(status, 'succeeded', JSON.stringify(error));
  const { image, faces } = result as RecognizeResult;
  assert.deepEqual(image, pictures.size);
  assert(faces.length <= 1, JSON.stringify(result));
}

const recognize = (o: Recognition): KeyCommand =>
  command(`recognise ${JSON.stringify(o)}`, (model, caller) => recognizeOne(model, caller, o));

const recognizeTogether = (all: readonly Recognition[]): KeyCommand =>
  command(`recognise together ${JSON.stringify(all)}`, async (model, caller) => {
    await Promise.all(all.map((one) => recognizeOne(model, caller, one)));
  });

const spoiledImages = command('recognise what is no image', async (model, caller) => {
  await settle(model, caller);
  const before = model.pending;
  for (const [bytes, code] of [
    [caller.pictures.text, 'IMAGE_TYPE_UNSUPPORTED'],
    [Buffer.alloc(0), 'IMAGE_EMPTY'],
  ] as const) {
    const files = [{ field: 'image', name: `${model.marker}.jpg`, bytes }];
    const answer = await caller.ask('POST', '/v1/recognize', { files });
    if (refusal(answer, code, 'MODEL_TRAINING').code !== code) assertBusy(model, before, answer);
  }
});

export const recognition = fc.record({
  person: fc.integer({ min: 0, max: PEOPLE - 1 }),
  view: fc.integer({ min: 0, max: VIEWS - 1 }),
  raw: fc.boolean(),
  wait: fc.constantFrom('wait', 'async', 'follow'),
});

/** The first three times, for it is what the service is for. */
export const recognizeCommands: fc.Arbitrary<KeyCommand>[] = [
  recognition.map(recognize),
  recognition.map(recognize),
  recognition.map(recognize),
  fc.array(recognition, { minLength: 2, maxLength: 4 }).map(recognizeTogether),
  fc.constant(spoiledImages),
];
