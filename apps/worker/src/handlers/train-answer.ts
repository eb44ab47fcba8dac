import {
  PHOTO_WARNINGS,
  thresholdOf,
  toLookAlikesResources,
  type Enrolment,
  type ModelCard,
  type ModelReport,
  type PhotoWarning,
  type ThresholdSetting,
  type TrainPayload,
  type TrainResult,
} from '@facehash/contracts';
import type { Answer } from '@facehash/jobs';
import type { BatchReport } from './batch-report.js';
import type { Examined } from './enrolment.js';
import { isInDoubt, isNamed, type PhotoStanding } from './model-report.js';
import { whatNext } from './what-next.js';

/** A model in force that knows the photos of a training. */
export interface TrainedModel {
  readonly card: Omit<ModelCard, 'checksums'>;
  /** undefined where it was lost. */
  readonly report: ModelReport | undefined;
  /** Only while the fit is fresh. */
  readonly standings?: ReadonlyMap<string, readonly PhotoStanding[]>;
}

/** What the caller is told of a training that has succeeded, by its own fit or by another's that took it along. */
export function trainAnswer(
  { payload: { subject }, reports }: Examined<TrainPayload>,
  { card, report, standings }: TrainedModel,
  timings: Record<string, number>,
  setting: ThresholdSetting = 'strict',
): Answer<TrainResult> {
  const { threshold } = thresholdOf(setting, card);
  const own = standings?.get(subject?.subjectId ?? '') ?? [];
  const labels = new Map(card.labels.map(({ subjectId, label }) => [subjectId, label]));
  const lookAlikes = (report?.lookAlikes ?? []).filter(
    ({ subjectIds }) => subject === null || subjectIds.includes(subject.subjectId),
  );
  return {
    result: {
      label: subject?.label ?? null,
      subject_id: subject?.subjectId ?? null,
      photos: photoFindings(reports, {
        photos: card.labels.find(({ subjectId }) => subjectId === subject?.subjectId)?.photos,
        doubts: subject === null ? [] : doubtsAbout(subject, own, card.threshold),
      }),
      model: {
        version: card.version,
        labels: card.labels.length,
        photos: card.labels.reduce((sum, { photos }) => sum + photos, 0),
        threshold,
        calibration: card.calibration,
        features: card.features,
        look_alikes: toLookAlikesResources({ lookAlikes }, (id) => labels.get(id)),
      },
      timings,
    },
    model: { version: card.version, stale: false },
  };
}

/** @param photos the person has now; undefined where no person was sent photos of */
export function photoFindings(
  reports: readonly BatchReport[],
  { photos, doubts = [] }: { photos: number | undefined; doubts?: readonly PhotoWarning[] },
): TrainResult['photos'] {
  const refused = reports.flatMap((report) => report.refused);
  const warnings = [...reports.flatMap((report) => report.warnings), ...doubts];
  const faults = [...refused.map(({ reason }) => reason), ...warnings.map(({ code }) => code)];
  const turns = reports.flatMap((report) => report.turns);
  return {
    accepted: reports.reduce((sum, { accepted }) => sum + accepted, 0),
    refused,
    warnings,
    next: photos === undefined ? [] : whatNext({ faults, turns, photos }),
  };
}

/** What the fresh model says against the photos of a training. */
function doubtsAbout(
  { photos }: Enrolment,
  standings: readonly PhotoStanding[],
  threshold: number,
): PhotoWarning[] {
  const fileNames = new Map(photos.map(({ photoId, fileName }) => [photoId, fileName]));
  return standings.flatMap((standing) => {
    const fileName = fileNames.get(standing.photoId);
    const doubt = isNamed(standing, threshold) ? undefined : doubtOf(standing, threshold);
    if (fileName === undefined || doubt === undefined) return [];
    const photo = { file_name: fileName, photo_id: standing.photoId };
    return [{ ...photo, ...doubt, detail: PHOTO_WARNINGS[doubt.code], limit: threshold }];
  });
}

/** An only photo can be another's, and cannot be unlike others. */
function doubtOf(
  standing: PhotoStanding,
  threshold: number,
): Pick<PhotoWarning, 'code' | 'value'> | undefined {
  const { own, other } = standing;
  if (isInDoubt(standing, threshold)) return { code: 'LOOKS_LIKE_ANOTHER', value: other!.score };
  return own === undefined ? undefined : { code: 'UNLIKE_THE_OTHERS', value: own };
}
