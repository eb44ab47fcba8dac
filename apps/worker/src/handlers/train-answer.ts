import type { ModelCard, TrainResult } from '@facehash/contracts';
import type { Answer } from '@facehash/jobs';
import type { BatchReport } from './batch-report.js';
import type { Examined } from './enrolment.js';

/** What the caller is told of a training that has succeeded, by its own fit or by another's that took it along. */
export function trainAnswer(
  { payload: { subject }, reports }: Examined,
  card: Omit<ModelCard, 'checksums'>,
  timings: Record<string, number>,
): Answer<TrainResult> {
  return {
    result: {
      label: subject?.label ?? null,
      subject_id: subject?.subjectId ?? null,
      photos: photoCounts(reports),
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

export function photoCounts(reports: readonly BatchReport[]): TrainResult['photos'] {
  return {
    accepted: reports.reduce((sum, { accepted }) => sum + accepted, 0),
    refused: reports.flatMap(({ refused }) => refused),
  };
}
