import { strict as assert } from 'node:assert';
import type { DetectResult, Job, VerifyResult } from '@facehash/contracts';
import fc from 'fast-check';
import { refusal, type File } from '../caller.js';
import { acceptedJob, command, type KeyCommand } from '../command.js';
import { PEOPLE, VIEWS } from '../pictures.js';

interface Portrait {
  readonly person: number;
  readonly view: number;
}

/** Neither needs a model, so no training refuses it. */
const succeeded = ({ status, error }: Job): boolean => {
  assert(status === 'canceled' || status === 'succeeded', JSON.stringify(error));
  return status === 'succeeded';
};

const detect = ({ person, view }: Portrait): KeyCommand =>
  command(`detect ${person}, view ${view}`, async (model, caller) => {
    const bytes = caller.pictures.portrait(person, view);
    const files = [{ field: 'image', name: `${model.marker}.jpg`, bytes }];
    const answer = await caller.ask('POST', '/v1/detect', { files, prefer: 'wait=20' });
    acceptedJob(model, answer, (ended) => {
      if (succeeded(ended)) assert.deepEqual((ended.result as DetectResult).image, caller.pictures.size);
    });
  });

const verify = (portraits: readonly [Portrait, Portrait]): KeyCommand =>
  command(`verify ${JSON.stringify(portraits)}`, async (model, caller) => {
    const files = portraits.map(({ person, view }, at): File => ({
      field: at === 0 ? 'image' : 'reference',
      ...{ name: `${model.marker}.jpg`, bytes: caller.pictures.portrait(person, view) },
    }));
    const answer = await caller.ask('POST', '/v1/verify', { files, prefer: 'respond-async' });
    acceptedJob(model, answer, (ended) => {
      if (!succeeded(ended)) return;
      for (const { width, height } of (ended.result as VerifyResult).images) {
        assert.deepEqual({ width, height }, caller.pictures.size);
      }
    });
  });

/** The same request by the same Idempotency-Key is the same job, and another one is refused. */
const repeat = ({ person, view }: Portrait): KeyCommand =>
  command(`repeat a detection of ${person}, view ${view}`, async (model, caller) => {
    const headers = { 'idempotency-key': `${model.marker}-${model.jobs.all.size}` };
    const send = (seen: number, fields = {}) =>
      caller.ask('POST', '/v1/detect', {
        ...{ headers, fields, prefer: 'respond-async' },
        files: [{ field: 'image', name: 'photo.jpg', bytes: caller.pictures.portrait(person, seen) }],
      });
    const job = acceptedJob(model, await send(view));
    const again = await send(view);
    assert(again.status < 300, again.text);
    assert.equal((JSON.parse(again.text) as Job).id, job.id);
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    refusal(await send((view + 1) % VIEWS), 'IDEMPOTENCY_MISMATCH');
    refusal(await send(view, { max_faces: '3' }), 'IDEMPOTENCY_MISMATCH');
  });

const portrait = fc.record({
  person: fc.integer({ min: 0, max: PEOPLE - 1 }),
  view: fc.integer({ min: 0, max: VIEWS - 1 }),
});

export const imageCommands: fc.Arbitrary<KeyCommand>[] = [
  portrait.map(detect),
  fc.tuple(portrait, portrait).map(verify),
  portrait.map(repeat),
];
