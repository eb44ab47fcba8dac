import {
  PHOTO_WARNINGS,
  sniffImageType,
  type PhotoWarning,
  type PhotoWarningCode,
  type RefusedPhoto,
  type UploadedPhoto,
} from '@facehash/contracts';
import type { JobHandler } from '@facehash/jobs';
import { joinRows, project, type Background } from '@facehash/keras-models';
import { photos as photoStore, stagedTables, type FeatureTable, type ObjectStorage } from '@facehash/storage';
import {
  EXTRACTOR_VERSION,
  FEATURE_SETS,
  headPose,
  stripMetadata,
  type DetectedFace,
  type FaceAnalyzer,
} from '@facehash/vision';
import type { Backgrounds } from '../backgrounds.js';
import { batchReports } from './batch-report.js';
import { examinePhoto, type Finding } from './examine-photo.js';
import type { Fault } from './photo-limits.js';

export interface ExtractDependencies {
  readonly storage: ObjectStorage;
  readonly analyzer: FaceAnalyzer;
  readonly backgrounds: Backgrounds;
}

/**
 * One batch of a training: photo → examined → kept without metadata where the key keeps photos, its numbers a row of the batch's staged table.
 * Every name is the payload's, so a second try writes the same objects. The uploads stay until the training ends.
 */
export function extractHandler({
  storage,
  analyzer,
  backgrounds,
}: ExtractDependencies): JobHandler<'extract'> {
  return {
    async run({ jobId, keyId, subjectId, batch, photos, keepPhotos = true }, { signal }) {
      const keep = photoStore(storage, keyId);
      const examined = await allOrFirstFailure(photos, async (photo) => {
        const bytes = await storage.get(photo.uploadKey);
        signal.throwIfAborted();
        const finding = await examinePhoto(bytes, analyzer);
        signal.throwIfAborted();
        if ('face' in finding) {
          const type = sniffImageType(bytes)!;
          if (keepPhotos) await keep.put(subjectId, photo.photoId, stripMetadata(bytes), type);
          else await keep.note(subjectId, photo.photoId, type);
        }
        return { photo, finding };
      });
      const rows = examined.flatMap(({ photo, finding }) =>
        'face' in finding ? [{ photo, ...finding }] : [],
      );
      const refused = examined.flatMap(({ photo, finding }) =>
        'reason' in finding ? [refusal(photo, finding)] : [],
      );

      signal.throwIfAborted();
      if (rows.length > 0) await stagedTables(storage, jobId).write(batch, toTable(rows, backgrounds.ratios));
      // Last: a report says that everything else is there.
      await batchReports(storage, jobId).write(batch, {
        ...{ accepted: rows.length, refused },
        warnings: rows.flatMap(({ photo, warnings }) => warnings.map((fault) => warning(photo, fault))),
        turns: rows.map(({ face }) => headPose(face.landmarks).turn),
      });
      return { accepted: rows.length, refused: refused.length };
    },
  };
}

/** The analyzer takes as many at once as it has slots. Waits for all of them: a try must not write on after it has failed. */
async function allOrFirstFailure<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const outcomes = await Promise.allSettled(items.map(work));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

function refusal({ fileName }: UploadedPhoto, finding: Extract<Finding, { reason: unknown }>): RefusedPhoto {
  return { file_name: fileName, ...finding };
}

function warning({ fileName, photoId }: UploadedPhoto, fault: Fault<PhotoWarningCode>): PhotoWarning {
  return { file_name: fileName, photo_id: photoId, detail: PHOTO_WARNINGS[fault.code], ...fault };
}

function toTable(
  rows: readonly { photo: UploadedPhoto; face: DetectedFace }[],
  ratios: Background,
): FeatureTable {
  return {
    extractor: EXTRACTOR_VERSION,
    background: ratios.id,
    photoIds: rows.map(({ photo }) => photo.photoId),
    columns: {
      landmarks: joinRows(rows.map(({ face }) => face.landmarks)),
      projection: joinRows(rows.map(({ face }) => project(ratios, FEATURE_SETS.ratios.of(face)))),
      embedding: joinRows(rows.map(({ face }) => FEATURE_SETS.embedding.of(face))),
    },
  };
}
