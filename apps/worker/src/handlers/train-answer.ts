import type { ModelCard, TrainPayload, TrainResult } from '@facehash/contracts';
import type { Answer } from '@facehash/jobs';
import type { BatchReport } from './batch-report.js';

/** What the caller is told of a training that has succeeded. */
export function trainAnswer(
  { subject }: TrainPayload,
  card: Omit<ModelCard, 'checksums'>,
  reports: readonly BatchReport[],
  timings: Record<string, number>,
): Answer<TrainResult> {
  return {
    result: {
      label: subject?.label ?? null,
      subject_id: subject?.subjectId ?? null,
      photos: {
        accepted: reports.reduce((sum, { accepted }) => sum + accepted, 0),
        refused: reports.flatMap(({ refused }) => refused),
      },
      model: {
        version: card.version,
        labels: card.labels.length,
        photos: card.labels.reduce((sum, { photos }) => sum + photos, 0),
        threshold: card.threshold,
        calibration: card.calibration,
        features: card.features,
      },
      timings,
    },
    model: { version: card.version, stale: false },
  };
}
