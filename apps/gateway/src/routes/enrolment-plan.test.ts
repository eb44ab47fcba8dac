import { enrolPayloadSchema, extractPayloadSchema, newId, trainPayloadSchema } from '@facehash/contracts';
import { describe, expect, it } from '@jest/globals';
import { planEnrolment } from './enrolment-plan.js';

const envelope = { jobId: newId('job'), keyId: newId('key'), requestId: 'req_1' };
const photos = Array.from({ length: 11 }, (_, n) => ({
  photoId: newId('photo'),
  uploadKey: `uploads/x/${n}`,
  fileName: `${n}.jpg`,
}));

describe('planEnrolment', () => {
  it('gives every photo to exactly one batch, in order', () => {
    const plan = planEnrolment(envelope, { subjectId: newId('subject'), label: 'Ada', photos });
    expect(plan.extracts.flatMap((extract) => extract.photos)).toEqual(photos);
    expect(plan.extracts.map(({ batch, photos: { length } }) => [batch, length])).toEqual([
      [0, 5],
      [1, 5],
      [2, 1],
    ]);
    expect(plan.last.subject.batches).toBe(3);
  });

  it('makes payloads that the workers accept, with a fit or without', () => {
    const plan = planEnrolment(envelope, { subjectId: newId('subject'), label: 'Ada', photos });
    expect(trainPayloadSchema.safeParse(plan.last).success).toBe(true);
    expect(enrolPayloadSchema.safeParse(plan.last).success).toBe(true);
    expect(plan.extracts.every((extract) => extractPayloadSchema.safeParse(extract).success)).toBe(true);
  });
});
