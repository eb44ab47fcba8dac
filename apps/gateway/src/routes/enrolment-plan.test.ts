import { enrolPayloadSchema, extractPayloadSchema, newId, trainPayloadSchema } from '@facehash/contracts';
import { describe, expect, it } from '@jest/globals';
import { planEnrolment } from './enrolment-plan.js';

const envelope = { jobId: newId('job'), keyId: newId('key'), requestId: 'req_1' };
const photos = Array.from({ length: 11 }, (_, n) => ({
  photoId: newId('photo'),
  uploadKey: `uploads/x/${n}`,
  fileName: `${n}.jpg`,
}));

const FOREVER_KEPT = { photos_days: 'forever' } as const;

describe('planEnrolment', () => {
  it('gives every photo to exactly one batch, in order', () => {
    const plan = planEnrolment(envelope, { subjectId: newId('subject'), label: 'Ada', photos }, FOREVER_KEPT);
    expect(plan.extracts.flatMap((extract) => extract.photos)).toEqual(photos);
    expect(plan.extracts.map(({ batch, photos: { length } }) => [batch, length])).toEqual([
      [0, 5],
      [1, 5],
      [2, 1],
    ]);
    expect(plan.last.subject.batches).toBe(3);
  });

  it('makes payloads that the workers accept, with a fit or without', () => {
    const plan = planEnrolment(envelope, { subjectId: newId('subject'), label: 'Ada', photos }, FOREVER_KEPT);
    expect(trainPayloadSchema.safeParse(plan.last).success).toBe(true);
    expect(enrolPayloadSchema.safeParse(plan.last).success).toBe(true);
    expect(plan.extracts.every((extract) => extractPayloadSchema.safeParse(extract).success)).toBe(true);
  });

  it('has photos kept unless the key keeps none', () => {
    const enrolment = { subjectId: newId('subject'), label: 'Ada', photos };
    const keepPhotos = (photosDays: 0 | 1 | 'forever') =>
      planEnrolment(envelope, enrolment, { photos_days: photosDays }).extracts.map((one) => one.keepPhotos);
    expect(keepPhotos('forever')).toEqual([true, true, true]);
    expect(keepPhotos(1)).toEqual([true, true, true]);
    expect(keepPhotos(0)).toEqual([false, false, false]);
  });
});
