import { FEATURE_SET_NAMES, type FeatureSetName, type Subject } from '@facehash/contracts';
import {
  MAX_FOLDS,
  parseStatistics,
  serializeStatistics,
  statisticsOf,
  withRows,
  type KeyStatistics,
} from '@facehash/keras-models';
import {
  featureTables,
  models,
  type FeatureTable,
  type ModelStatistics,
  type ObjectStorage,
} from '@facehash/storage';
import type { Backgrounds } from '../backgrounds.js';
import type { Comparison } from './choose-features.js';
import { enrolledRows, type EnrolledRows } from './enrolled-rows.js';

/** All that a fit needs to know of a key's photos. */
export interface GatheredStatistics {
  readonly statistics: Readonly<Record<FeatureSetName, KeyStatistics>>;
  /** Names of the feature tables that are in it, by subject. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /** Rows of those whose tables were read. */
  readonly read: EnrolledRows;
  /** Of the feature sets, when that was of these photos or a few fewer. */
  readonly comparison?: Comparison | undefined;
}

export interface StatisticsRequest {
  readonly keyId: string;
  readonly people: readonly Subject[];
  /** The model whose statistics are gone on from; without it everybody's rows are read. */
  readonly version?: string | undefined;
  /** Tables by subject that are about to become theirs; one table each is made of them and those before, of this name. */
  readonly staged?: ReadonlyMap<string, readonly FeatureTable[]>;
  readonly compactedAs?: string;
}

/**
 * Of whom the model knew, only those are read whose tables have other names than then: a thousand others cost one listing. Who
 * writes rows over a table's name, or takes some away, must have the statistics forgotten first.
 * @returns undefined where nobody has a usable photo
 */
export async function gatherStatistics(
  { storage, backgrounds }: { storage: ObjectStorage; backgrounds: Backgrounds },
  request: StatisticsRequest,
): Promise<GatheredStatistics | undefined> {
  const { keyId, people, staged = new Map<string, FeatureTable[]>(), compactedAs } = request;
  // Before the rows: a table that is added meanwhile is read again the next time, not missed.
  const names = await featureTables(storage, keyId).names();
  const tables = Object.fromEntries(
    people.flatMap(({ id }) => {
      const own = compactedAs !== undefined && staged.has(id) ? [compactedAs] : names.get(id);
      return own === undefined ? [] : [[id, own]];
    }),
  );
  const grown = await grownStatistics({ storage, backgrounds }, { ...request, staged }, names);
  if (grown !== undefined) return { ...grown, tables };

  const read = await enrolledRows(storage, keyId, people, backgrounds, staged);
  if (read.embedding.length === 0) return undefined;
  const statistics = {
    ratios: statisticsOf(backgrounds.ratios, read.ratios),
    embedding: statisticsOf(backgrounds.embedding, read.embedding),
  };
  return { statistics, read, tables };
}

/** undefined where only everybody's rows can tell. */
async function grownStatistics(
  { storage, backgrounds }: { storage: ObjectStorage; backgrounds: Backgrounds },
  {
    keyId,
    people,
    version,
    staged,
  }: StatisticsRequest & { staged: ReadonlyMap<string, readonly FeatureTable[]> },
  names: ReadonlyMap<string, readonly string[]>,
): Promise<Omit<GatheredStatistics, 'tables'> | undefined> {
  const stored = version === undefined ? undefined : await findStatistics(storage, keyId, version);
  const before = stored && parsed(stored, backgrounds);
  if (stored === undefined || before === undefined) return undefined;
  const present = new Set(people.map(({ id }) => id));
  if (before.ratios.people.some(({ id }) => !present.has(id))) return undefined;

  const isChanged = ({ id }: Subject) =>
    staged.has(id) || names.get(id)?.join() !== stored.tables[id]?.join();
  const read = await enrolledRows(storage, keyId, people.filter(isChanged), backgrounds, staged);
  const ratios = withRows(before.ratios, read.ratios);
  const embedding = withRows(before.embedding, read.embedding);
  const { comparison } = stored;
  return ratios && embedding && { statistics: { ratios, embedding }, read, comparison };
}

/** A damaged file costs time, never a training: everything in it is known from the photos' numbers, too. */
function findStatistics(storage: ObjectStorage, keyId: string, version: string) {
  return models(storage, keyId)
    .statistics(version, FEATURE_SET_NAMES)
    .catch(() => undefined);
}

function parsed(
  { files }: ModelStatistics,
  backgrounds: Backgrounds,
): Record<FeatureSetName, KeyStatistics> | undefined {
  try {
    const [ratios, embedding] = (['ratios', 'embedding'] as const).map((name) =>
      parseStatistics(backgrounds[name], files[name]!),
    );
    return ratios && embedding && { ratios, embedding };
  } catch {
    return undefined;
  }
}

/** A small key's rows are read faster than its statistics. */
export function statisticsFiles(
  { statistics, tables }: GatheredStatistics,
  backgrounds: Backgrounds,
  comparison: Comparison | undefined,
): { statistics?: ModelStatistics } {
  if (statistics.embedding.people.length <= MAX_FOLDS) return {};
  const files = FEATURE_SET_NAMES.map(
    (name) => [name, serializeStatistics(backgrounds[name], statistics[name])] as const,
  );
  return { statistics: { tables, comparison, files: Object.fromEntries(files) } };
}
