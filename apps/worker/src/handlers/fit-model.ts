import { newModelVersion, type ModelCard, type ModelReport, type Subject } from '@facehash/contracts';
import { buildKerasModel, refineModel, saveKeyModel, type KeyModelFiles } from '@facehash/keras-models';
import { apiKeys, type ModelStatistics, type ObjectStorage } from '@facehash/storage';
import type { Backgrounds } from '../backgrounds.js';
import { fitChosen } from './choose-features.js';
import { statisticsFiles, type GatheredStatistics } from './gather-statistics.js';
import { photoStandings, reportOf, type PhotoStanding } from './model-report.js';

export interface FreshModel extends KeyModelFiles {
  /** The checksums are the storage's to add. */
  readonly card: Omit<ModelCard, 'checksums'>;
  readonly report: ModelReport;
  readonly statistics?: ModelStatistics;
  /** What the report was made of, by subject. */
  readonly standings: ReadonlyMap<string, readonly PhotoStanding[]>;
}

export interface FitRequest {
  readonly keyId: string;
  readonly jobId: string;
  readonly alongJobs?: string[];
  /** Photos that a caller waits to hear of. */
  readonly fresh?: readonly string[];
  /** Of the model in force. */
  readonly before: ModelCard | undefined;
  readonly now: Date;
}

/** Statistics → closed-form fit → a few epochs where the key asks for them → Keras layers → files and the card that describes them. */
export async function fitModel(
  { storage, backgrounds }: { storage: ObjectStorage; backgrounds: Backgrounds },
  gathered: GatheredStatistics,
  people: readonly Subject[],
  { keyId, jobId, alongJobs = [], fresh = [], before, now }: FitRequest,
): Promise<FreshModel> {
  const startedAt = performance.now();
  // A key that was erased a moment ago has no wish; its job ends without publishing.
  const key = await apiKeys(storage).get(keyId);
  const chosen = await fitChosen(gathered.statistics, backgrounds, {
    wanted: key?.features ?? 'auto',
    before: before?.features,
    compared: gathered.comparison,
  });
  const { features } = chosen;
  const background = backgrounds[features];
  const refinement =
    key?.fit === 'refined'
      ? await refineModel(background, gathered.statistics[features], chosen.fitted)
      : undefined;
  const { fitted } = refinement ?? chosen;
  const fitMs = performance.now() - startedAt;
  const standings = await photoStandings(fitted, gathered.statistics[features], {
    fresh: gathered.read[features],
    always: new Set(fresh),
  });
  const keras = buildKerasModel(background, fitted);
  const files = await saveKeyModel(keras).finally(() => {
    keras.dispose();
  });
  const labelOf = new Map(people.map(({ id, label }) => [id, label]));
  return {
    ...files,
    ...{
      standings,
      report: reportOf(fitted, standings),
      ...statisticsFiles(gathered, backgrounds, chosen.comparison),
    },
    card: {
      version: newModelVersion(now.getTime()),
      trainedAt: now.toISOString(),
      jobId,
      alongJobs,
      features,
      featuresReason: chosen.reason,
      background: background.id,
      ...(refinement && { refinement: { taken: refinement.taken, reason: refinement.reason } }),
      labels: fitted.subjectIds.map((subjectId, at) => ({
        subjectId,
        label: labelOf.get(subjectId)!,
        photos: fitted.photos[at]!,
      })),
      threshold: fitted.threshold,
      targetFpir: fitted.targetFpir,
      calibration: fitted.calibration,
      realised: fitted.realised,
      balanced: fitted.balanced,
      fitMs,
    },
  };
}
