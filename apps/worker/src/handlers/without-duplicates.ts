import { REFUSAL_REASONS, type EnrolPayload, type TrainPayload } from '@facehash/contracts';
import { featureTables, photos, withoutPhoto, type ObjectStorage } from '@facehash/storage';
import { DUPLICATE_LIKENESS, duplicates } from './duplicates.js';
import { assertUsable, type Examined } from './enrolment.js';

/**
 * A training without those photos that repeat another one of the person; they are refused after all. Requires the key's turn: what
 * is enrolled must not change meanwhile. Idempotent, and the same on every try.
 * @throws AppError NO_USABLE_PHOTOS when nothing is left
 */
export async function withoutDuplicates<P extends TrainPayload | EnrolPayload>(
  storage: ObjectStorage,
  examined: Examined<P>,
): Promise<Examined<P>> {
  const { keyId, subject } = examined.payload;
  if (subject === null) return examined;
  const { subjectId } = subject;
  const repeated = duplicates(examined.tables, await featureTables(storage, keyId).read(subjectId));
  if (repeated.length === 0) return examined;

  for (const { photoId } of repeated) await photos(storage, keyId).delete(subjectId, photoId);
  const isRepeated = new Set(repeated.map(({ photoId }) => photoId));
  const fileNames = new Map(subject.photos.map(({ photoId, fileName }) => [photoId, fileName]));
  const refused = repeated.map(({ photoId, likeness }) => ({
    file_name: fileNames.get(photoId)!,
    ...{ reason: 'DUPLICATE' as const, detail: REFUSAL_REASONS.DUPLICATE },
    ...{ value: likeness, limit: DUPLICATE_LIKENESS },
  }));
  const reports = [
    ...examined.reports.map((report) => ({
      ...report,
      warnings: report.warnings.filter(({ photo_id }) => !isRepeated.has(photo_id)),
    })),
    { accepted: -repeated.length, refused, warnings: [], turns: [] },
  ];
  assertUsable(reports);
  // Emptied tables stay in their places: an enrolment names them by these.
  const tables = examined.tables.map((table) =>
    repeated.reduce((rest, { photoId }) => withoutPhoto(rest, photoId), table),
  );
  return { ...examined, reports, tables };
}
