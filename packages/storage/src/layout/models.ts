import { createHash } from 'node:crypto';
import {
  AppError,
  FEATURE_SET_NAMES,
  modelCardSchema,
  modelReportSchema,
  type ModelCard,
  type ModelReport,
} from '@facehash/contracts';
import { z } from 'zod';
import type { KeptObject, ObjectStorage } from '../object-storage.js';
import { missing } from '../failures.js';
import { damaged, documentBytes, findDocument, putDocument } from './document.js';

const currentSchema = z.object({ version: z.string() });
const statisticsSchema = z.object({
  tables: z.record(z.string(), z.array(z.string()).readonly()),
  comparison: z
    .object({ photos: z.number(), features: z.enum(FEATURE_SET_NAMES), reason: z.string() })
    .optional(),
});
const STATISTICS_FILE = 'statistics/statistics.json';
const statisticsFile = (features: string): string => `statistics/${features}.bin`;

export interface StoredModel {
  readonly card: ModelCard;
  readonly modelJson: Buffer;
  readonly weights: Buffer;
}

export interface NewModel {
  /** Its checksums are computed here from what is stored. */
  readonly card: Omit<ModelCard, 'checksums'>;
  readonly modelJson: Uint8Array;
  readonly weights: Uint8Array;
  /** What the training found out; a model that was made elsewhere has none. */
  readonly report?: ModelReport;
  /** From what the next training goes on; left out where that is as quickly read from the photos' numbers. */
  readonly statistics?: ModelStatistics;
  /**
   * Called when everything is stored, right before `current` moves. Rejecting leaves the former model in force: the
   * place to check that the training still holds its lock.
   */
  readonly confirm?: () => Promise<void>;
}

/** What a model knows of the photos it stands on; vectors of some of them are among it. */
export interface ModelStatistics {
  /** Names of the feature tables that are in it, by subject. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /** The last comparison of the feature sets: of how many photos, which was taken and why. */
  readonly comparison?: z.infer<typeof statisticsSchema>['comparison'] | undefined;
  /** By feature set. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

export interface Models {
  /** The version in force; undefined before the first training. */
  currentVersion(): Promise<string | undefined>;
  /** What a version is, without its weights; undefined for an unknown one and one stored only half. */
  card(version: string): Promise<ModelCard | undefined>;
  /** What the training of a version found out; undefined where nothing is known of it. */
  report(version: string): Promise<ModelReport | undefined>;
  /** undefined where a version has none, for the feature sets given. */
  statistics(version: string, features: readonly string[]): Promise<ModelStatistics | undefined>;
  /** From here on the next training reads everybody's numbers. For whoever takes something away. Idempotent. */
  forgetStatistics(version: string): Promise<void>;
  /** Every version of which anything is stored, in the order they were trained. */
  versions(): Promise<string[]>;
  /** Throws: NOT_FOUND for an unknown version or one that is deleted meanwhile, MODEL_CORRUPT when a file is missing or is not the one published. */
  read(version: string): Promise<StoredModel>;
  /**
   * What is stored of a version, and last what puts it in force. Its statistics are left out: a training does without.
   * Throws as `read` does.
   */
  objects(version: string): Promise<KeptObject[]>;
  /** Stores a new version and puts it in force. A version is never overwritten; a crash leaves the former in force. */
  publish(model: NewModel): Promise<void>;
  /** Requires: the version is not in force. Idempotent. */
  delete(version: string): Promise<void>;
  /** Deletes all versions but these. Requires: nobody publishes meanwhile, and the one in force is among them. */
  prune(keep: readonly string[]): Promise<void>;
  /** From here on the key has no model in force; its versions stay. Idempotent. */
  retire(): Promise<void>;
}

/** The model of a key, in all its versions. */
export function models(storage: ObjectStorage, keyId: string): Models {
  const folder = `tenants/${keyId}/models`;
  const currentPath = `${folder}/current`;
  const path = (version: string, file: string): string => `${folder}/${version}/${file}`;

  const fileOf = async (card: ModelCard, file: string, sha256: string): Promise<Buffer> => {
    const key = path(card.version, file);
    const bytes = await storage.find(key);
    if (bytes === undefined) throw damaged(key, 'it is missing', 'MODEL_CORRUPT');
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw damaged(key, 'its SHA-256 is not the one on the card', 'MODEL_CORRUPT');
    }
    return bytes;
  };

  const findCard = (version: string): Promise<ModelCard | undefined> =>
    findDocument(storage, path(version, 'card.json'), modelCardSchema, 'MODEL_CORRUPT');

  const versions = async (): Promise<string[]> => {
    const found = new Set<string>();
    for await (const key of storage.list(`${folder}/`)) {
      const [version, file] = key.slice(folder.length + 1).split('/');
      if (version !== undefined && file !== undefined) found.add(version);
    }
    return [...found].sort();
  };

  const deleteVersion = async (version: string): Promise<void> => {
    // The card first: without one the version is unknown, with one and without its files it would be damaged.
    await storage.delete(path(version, 'card.json'));
    await storage.deletePrefix(`${folder}/${version}/`);
  };

  const read = async (version: string): Promise<StoredModel> => {
    const card = await findCard(version);
    if (card === undefined) throw missing(path(version, 'card.json'));
    const [modelJson, weights] = await Promise.all([
      fileOf(card, 'model.json', card.checksums.model),
      fileOf(card, 'weights.bin', card.checksums.weights),
    ]).catch(async (error: unknown) => {
      // A file may be missing because the version has been deleted since its card was read.
      throw (await findCard(version)) === undefined ? missing(path(version, 'card.json')) : error;
    });
    return { card, modelJson, weights };
  };

  return {
    async currentVersion() {
      return (await findDocument(storage, currentPath, currentSchema, 'MODEL_CORRUPT'))?.version;
    },

    card: findCard,

    report: (version) =>
      findDocument(storage, path(version, 'report.json'), modelReportSchema, 'MODEL_CORRUPT'),

    async statistics(version, features) {
      const file = path(version, STATISTICS_FILE);
      const known = await findDocument(storage, file, statisticsSchema, 'MODEL_CORRUPT');
      if (known === undefined) return undefined;
      const files = await Promise.all(
        features.map(
          async (name) => [name, await storage.find(path(version, statisticsFile(name)))] as const,
        ),
      );
      const found = files.flatMap(([name, file]) => (file === undefined ? [] : [[name, file] as const]));
      return found.length < features.length ? undefined : { ...known, files: Object.fromEntries(found) };
    },

    async forgetStatistics(version) {
      await storage.deletePrefix(`${folder}/${version}/statistics/`);
    },

    versions,

    delete: deleteVersion,

    async prune(keep) {
      for (const version of await versions()) if (!keep.includes(version)) await deleteVersion(version);
    },

    async retire() {
      await storage.delete(currentPath);
    },

    read,

    async objects(version) {
      const { modelJson, weights } = await read(version);
      const report = await storage.find(path(version, 'report.json'));
      return [
        { key: path(version, 'weights.bin'), bytes: weights },
        { key: path(version, 'model.json'), bytes: modelJson },
        ...(report === undefined ? [] : [{ key: path(version, 'report.json'), bytes: report }]),
        { key: path(version, 'card.json'), bytes: await storage.get(path(version, 'card.json')) },
        { key: currentPath, bytes: documentBytes(currentSchema, { version }) },
      ];
    },

    async publish({ card, modelJson, weights, report, statistics, confirm }) {
      const { version } = card;
      if ((await findCard(version)) !== undefined) {
        throw new AppError('INTERNAL', `Model ${version} was published before; a fit needs a new version.`);
      }
      // The card makes a version readable, `current` puts it in force: each only when all before it is stored.
      const storedWeights = await storage.put(path(version, 'weights.bin'), weights);
      const storedModel = await storage.put(path(version, 'model.json'), modelJson);
      if (report !== undefined)
        await putDocument(storage, path(version, 'report.json'), modelReportSchema, report);
      if (statistics !== undefined) {
        const { files, ...known } = statistics;
        for (const [name, file] of Object.entries(files))
          await storage.put(path(version, statisticsFile(name)), file);
        await putDocument(storage, path(version, STATISTICS_FILE), statisticsSchema, {
          ...known,
          tables: { ...known.tables },
        });
      }
      const checksums = { model: storedModel.sha256, weights: storedWeights.sha256 };
      await putDocument(storage, path(version, 'card.json'), modelCardSchema, { ...card, checksums });
      await confirm?.();
      await putDocument(storage, currentPath, currentSchema, { version });
    },
  };
}
