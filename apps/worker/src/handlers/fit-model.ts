import { newModelVersion, type ModelCard, type Subject } from '@facehash/contracts';
import {
  buildKerasModel,
  fitKeyModel,
  saveKeyModel,
  type Background,
  type KeyModelFiles,
  type SubjectRows,
} from '@facehash/keras-models';

export interface FreshModel extends KeyModelFiles {
  /** The checksums are the storage's to add. */
  readonly card: Omit<ModelCard, 'checksums'>;
}

/** Rows → closed-form fit → Keras layers → files and the card that describes them. */
export async function fitModel(
  rows: readonly SubjectRows[],
  people: readonly Subject[],
  background: Background,
  { jobId, alongJobs = [], now }: { jobId: string; alongJobs?: string[]; now: Date },
): Promise<FreshModel> {
  const startedAt = performance.now();
  const fitted = await fitKeyModel(background, rows);
  const fitMs = performance.now() - startedAt;
  const keras = buildKerasModel(background, fitted);
  const files = await saveKeyModel(keras).finally(() => {
    keras.dispose();
  });
  const labelOf = new Map(people.map(({ id, label }) => [id, label]));
  return {
    ...files,
    card: {
      version: newModelVersion(now.getTime()),
      trainedAt: now.toISOString(),
      jobId,
      alongJobs,
      features: background.features,
      background: background.id,
      labels: fitted.subjectIds.map((subjectId, at) => ({
        subjectId,
        label: labelOf.get(subjectId)!,
        photos: fitted.photos[at]!,
      })),
      threshold: fitted.threshold,
      targetFpir: fitted.targetFpir,
      calibration: fitted.calibration,
      fitMs,
    },
  };
}
