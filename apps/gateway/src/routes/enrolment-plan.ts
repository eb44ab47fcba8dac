import type { Enrolment, EnrolPayload, ExtractPayload, Retention } from '@facehash/contracts';

/** A few photos a job: small enough that every worker gets a share and a crash repeats little, large enough that queueing costs nothing. */
const PHOTOS_PER_BATCH = 5;

/** The jobs that somebody's photos make: a batch of photos each, and the last step that follows them, with a fit or without. */
export function planEnrolment(
  envelope: { jobId: string; keyId: string; requestId: string; traceparent?: string; resultsHours?: number },
  { subjectId, label, consent, photos: all }: Omit<Enrolment, 'batches'>,
  { photos_days: photosDays }: Pick<Retention, 'photos_days'>,
): { last: EnrolPayload; extracts: ExtractPayload[] } {
  const photos = [...all];
  const keepPhotos = photosDays !== 0;
  const extracts: ExtractPayload[] = [];
  for (let from = 0; from < photos.length; from += PHOTOS_PER_BATCH) {
    const batch = photos.slice(from, from + PHOTOS_PER_BATCH);
    extracts.push({ ...envelope, subjectId, batch: extracts.length, photos: batch, keepPhotos });
  }
  return {
    last: { ...envelope, subject: { subjectId, label, batches: extracts.length, photos, consent } },
    extracts,
  };
}
