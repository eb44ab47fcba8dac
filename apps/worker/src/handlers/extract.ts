import { sniffImageType, type UploadedPhoto } from '@facehash/contracts';
import type { JobHandler } from '@facehash/jobs';
import { project, type Background } from '@facehash/keras-models';
import { photos as photoStore, stagedTables, type FeatureTable, type ObjectStorage } from '@facehash/storage';
import { EXTRACTOR_VERSION, ratioFeatures, stripMetadata, type FaceAnalyzer } from '@facehash/vision';
import { batchReports } from './batch-report.js';
import { examinePhoto, type Finding } from './examine-photo.js';

export interface ExtractDependencies {
  readonly storage: ObjectStorage;
  readonly analyzer: FaceAnalyzer;
  readonly background: Background;
}

/**
 * One batch of a training: photo → examined → kept without metadata, its numbers a row of the batch's staged table.
 * Every name is the payload's, so a second try writes the same objects. The uploads stay until the training ends.
 */
export function extractHandler({
  storage,
  analyzer,
  background,
}: ExtractDependencies): JobHandler<'extract'> {
  return {
    async run({ jobId, keyId, subjectId, batch, photos }, { signal }) {
      const keep = photoStore(storage, keyId);
      const examined = await allOrFirstFailure(photos, async (photo) => {
        const bytes = await storage.get(photo.uploadKey);
        signal.throwIfAborted();
        const finding = await examinePhoto(bytes, analyzer);
        signal.throwIfAborted();
        if ('landmarks' in finding)
          await keep.put(subjectId, photo.photoId, stripMetadata(bytes), sniffImageType(bytes)!);
        return { photo, finding };
      });
      const rows = examined.flatMap(({ photo, finding }) =>
        'landmarks' in finding ? [{ photo, ...finding }] : [],
      );
      const refused = examined.flatMap(({ photo, finding }) =>
        'reason' in finding ? [refusal(photo, finding)] : [],
      );

      signal.throwIfAborted();
      if (rows.length > 0) await stagedTables(storage, jobId).write(batch, toTable(rows, background));
      // Last: a report says that everything else is there.
      await batchReports(storage, jobId).write(batch, { accepted: rows.length, refused });
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

function refusal(photo: UploadedPhoto, { reason, detail }: Extract<Finding, { reason: unknown }>) {
  return { file_name: photo.fileName, reason, detail };
}

function toTable(
  rows: readonly { photo: UploadedPhoto; landmarks: Float32Array }[],
  background: Background,
): FeatureTable {
  return {
    extractor: EXTRACTOR_VERSION,
    background: background.id,
    photoIds: rows.map(({ photo }) => photo.photoId),
    columns: {
      landmarks: concatenate(rows.map(({ landmarks }) => landmarks)),
      projection: concatenate(rows.map(({ landmarks }) => project(background, ratioFeatures(landmarks)))),
    },
  };
}

function concatenate(rows: readonly Float32Array[]): Float32Array {
  return Float32Array.from(rows.flatMap((row) => [...row]));
}
