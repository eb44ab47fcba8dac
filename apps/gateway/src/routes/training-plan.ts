import type { ExtractPayload, TrainPayload, UploadedPhoto } from '@facehash/contracts';

/** A few photos a job: small enough that every worker gets a share and a crash repeats little, large enough that queueing costs nothing. */
const PHOTOS_PER_BATCH = 5;

export interface Enrolment {
  readonly subjectId: string;
  readonly label: string;
  readonly photos: readonly UploadedPhoto[];
}

/** The jobs of one training: a batch of photos each, and the fit that follows them. `null` = fit what is there. */
export function planTraining(
  envelope: { jobId: string; keyId: string; requestId: string; traceparent?: string },
  enrolment: Enrolment | null,
): { train: TrainPayload; extracts: ExtractPayload[] } {
  if (enrolment === null) return { train: { ...envelope, subject: null }, extracts: [] };
  const { subjectId, label } = enrolment;
  const photos = [...enrolment.photos];
  const extracts: ExtractPayload[] = [];
  for (let from = 0; from < photos.length; from += PHOTOS_PER_BATCH) {
    const batch = photos.slice(from, from + PHOTOS_PER_BATCH);
    extracts.push({ ...envelope, subjectId, batch: extracts.length, photos: batch });
  }
  return {
    train: { ...envelope, subject: { subjectId, label, batches: extracts.length, photos } },
    extracts,
  };
}
