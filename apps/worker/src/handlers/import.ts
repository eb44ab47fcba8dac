import {
  AppError,
  FEATURE_SET_NAMES,
  isAppError,
  newModelVersion,
  TARGET_FPIR,
  type FeatureSetName,
  type ImportPayload,
  type ImportResult,
  type ModelCard,
} from '@facehash/contracts';
import type { Answer, JobContext, JobHandler } from '@facehash/jobs';
import { readModelFile, writeTfjs, type Network, type TfjsFiles } from '@facehash/keras-files';
import { loadKeyModel, probeKeyModel, type KeyModel } from '@facehash/keras-models';
import { models, subjects, uploads, type ObjectStorage } from '@facehash/storage';
import type { Backgrounds } from '../backgrounds.js';
import { assertMayPublish } from './assert-may-publish.js';
import { currentCard } from './current-card.js';

export interface ImportDependencies {
  readonly storage: ObjectStorage;
  readonly backgrounds: Backgrounds;
}

/** A model trained elsewhere: read → fit it to the features → try it on drawn faces → publish, with its people. */
export function importHandler({ storage, backgrounds }: ImportDependencies): JobHandler<'import'> {
  const deleteUpload = async ({ jobId }: ImportPayload): Promise<void> => {
    await uploads(storage).deleteAll(jobId);
  };

  return {
    async run(payload, context) {
      const { jobId, keyId, uploadKey, outputs } = payload;
      const startedAt = performance.now();
      const before = await currentCard(storage, keyId);
      // An earlier try has published it, and only its answer was lost.
      if (before?.jobId === jobId) return answer(payload, before, { created: 0, timings: {} });

      const network = await readModelFile(await storage.get(uploadKey));
      const features = featuresOf(network, payload, backgrounds);
      if (network.labels !== outputs.length) {
        const message = `The model has ${network.labels} output(s), and ${outputs.length} label(s) came; send one for each.`;
        throw new AppError('MODEL_UNSUPPORTED', message);
      }
      const files = writeTfjs(network);
      const model = await load(files);
      const drawn = await probeKeyModel(model, backgrounds[features]).finally(() => {
        model.dispose();
      });
      const triedAt = performance.now();

      await context.turn();
      await context.progress('publishing', 90);
      const card: Omit<ModelCard, 'checksums'> = {
        ...cardOf(payload, features, new Date()),
        background: backgrounds[features].id,
        ...(payload.threshold === null
          ? { threshold: drawn.strict, balanced: { threshold: drawn.balanced, realised: null } }
          : { threshold: payload.threshold }),
        fitMs: triedAt - startedAt,
      };
      let created = 0;
      await models(storage, keyId).publish({
        ...{ card, ...files },
        confirm: async () => {
          await assertMayPublish(context);
          created = await enrolOutputs(storage, payload, context);
        },
      });
      const keep = [before?.version, card.version].filter((version) => version !== undefined);
      await models(storage, keyId).prune(keep);
      const timings = { try: triedAt - startedAt, publish: performance.now() - triedAt };
      return answer(payload, card, { created, timings });
    },

    afterSuccess: deleteUpload,
    cleanUp: deleteUpload,
  };
}

function featuresOf(
  { size }: Network,
  { features }: ImportPayload,
  backgrounds: Backgrounds,
): FeatureSetName {
  const named = features === null ? FEATURE_SET_NAMES : [features];
  const found = named.find((name) => backgrounds[name].size === size);
  if (found !== undefined) return found;
  const expected = named.map((name) => `${backgrounds[name].size} (${name})`).join(' or ');
  throw new AppError('MODEL_UNSUPPORTED', `The model takes ${size} numbers; expected ${expected}.`);
}

async function load(files: TfjsFiles): Promise<KeyModel> {
  try {
    return await loadKeyModel(files);
  } catch (cause) {
    if (!isAppError(cause)) throw cause;
    // Not ours that is damaged, but theirs.
    throw new AppError('MODEL_UNSUPPORTED', 'The model gives no numbers for a face.', { cause });
  }
}

function cardOf(
  { jobId, outputs, threshold }: ImportPayload,
  features: FeatureSetName,
  now: Date,
): Omit<ModelCard, 'checksums' | 'background' | 'threshold' | 'fitMs'> {
  return {
    version: newModelVersion(now.getTime()),
    trainedAt: now.toISOString(),
    ...{ jobId, alongJobs: [] },
    origin: 'imported',
    features,
    featuresReason: 'It was trained on these elsewhere.',
    labels: outputs.map(({ subjectId, label }) => ({ subjectId, label, photos: 0 })),
    targetFpir: TARGET_FPIR.strict,
    // Whoever gives a threshold says that it was measured.
    calibration: threshold === null ? 'uncalibrated' : 'calibrated',
    realised: null,
  };
}

/** @returns how many people are new */
async function enrolOutputs(
  storage: ObjectStorage,
  { keyId, outputs }: ImportPayload,
  context: JobContext,
): Promise<number> {
  const known = new Set<string>();
  for await (const { id } of subjects(storage, keyId).list()) known.add(id);
  const newcomers = outputs.filter(({ subjectId }) => !known.has(subjectId));
  for (const { subjectId: id, label } of newcomers) {
    await subjects(storage, keyId).put({ id, label, createdAt: new Date().toISOString() });
  }
  await context.enrolled(newcomers.map(({ subjectId }) => subjectId));
  return newcomers.length;
}

function answer(
  { outputs }: ImportPayload,
  { version, threshold, calibration, features }: Omit<ModelCard, 'checksums'>,
  { created, timings }: { created: number; timings: Record<string, number> },
): Answer<ImportResult> {
  return {
    result: {
      subjects: { known: outputs.length - created, created },
      model: { version, labels: outputs.length, threshold, calibration, features },
      timings,
    },
    model: { version, stale: false },
  };
}
