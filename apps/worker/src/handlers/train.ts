import {
  AppError,
  jobLogFields,
  type ModelCard,
  type Subject,
  type TrainPayload,
  type TrainResult,
} from '@facehash/contracts';
import type { Answer, JobHandler, JobLogger } from '@facehash/jobs';
import type { Background } from '@facehash/keras-models';
import { models, subjects, type ObjectStorage } from '@facehash/storage';
import { assertMayPublish } from './assert-may-publish.js';
import { batchReports, type BatchReport } from './batch-report.js';
import { enrolledRows } from './enrolled-rows.js';
import { fitModel } from './fit-model.js';
import { trainAnswer } from './train-answer.js';
import { trainingLeftovers } from './training-leftovers.js';

export interface TrainDependencies {
  readonly storage: ObjectStorage;
  readonly background: Background;
  readonly logger: Pick<JobLogger, 'warn'>;
}

/**
 * The last step of a training: reports → everybody's rows → fit → publish → clear up. Nothing a caller can see changes
 * before `publish` moves the key to the new version, and nothing after it can fail the job. The key's training lock is
 * never released here: it is void as soon as the job's record ends.
 */
export function trainHandler({ storage, background, logger }: TrainDependencies): JobHandler<'train'> {
  return {
    async run(payload, context) {
      const { jobId, keyId } = payload;
      const startedAt = performance.now();
      const reports = await readReports(storage, payload);
      if (reports === undefined) return answerOfEarlierTry(storage, payload);

      const { people, newcomer } = await peopleAfter(storage, payload);
      const rows = await enrolledRows(storage, keyId, people, background);
      if (!rows.some(({ id }) => payload.subject === null || id === payload.subject.subjectId))
        throw nobody(reports);
      const readAt = performance.now();

      await context.progress('fitting', 93);
      context.signal.throwIfAborted();
      const model = await fitModel(rows, people, background, { jobId, now: new Date() });
      const fittedAt = performance.now();

      await context.progress('publishing', 97);
      await models(storage, keyId).publish({
        ...model,
        confirm: async () => {
          await assertMayPublish(context);
          if (newcomer !== undefined) await subjects(storage, keyId).put(newcomer);
        },
      });
      const timings = {
        read: readAt - startedAt,
        fit: fittedAt - readAt,
        publish: performance.now() - fittedAt,
      };

      await trainingLeftovers(storage, payload)
        .afterSuccess()
        .catch((error: unknown) => {
          logger.warn(
            { err: error, ...jobLogFields(payload) },
            'the model is published, but its training left objects behind',
          );
        });
      return trainAnswer(payload, model.card, reports, timings);
    },

    async cleanUp(payload) {
      const leftovers = trainingLeftovers(storage, payload);
      // Published, and only the answer was lost: the model in force stands on these photos.
      if (await isInForce(storage, payload)) await leftovers.afterSuccess();
      else await leftovers.afterFailure();
    },
  };
}

/** One report a batch; undefined when one is missing. */
async function readReports(storage: ObjectStorage, { jobId, subject }: TrainPayload) {
  const reports: BatchReport[] = [];
  for (let batch = 0; batch < (subject?.batches ?? 0); batch++) {
    const report = await batchReports(storage, jobId).read(batch);
    if (report === undefined) return undefined;
    reports.push(report);
  }
  return reports;
}

/** Everybody enrolled once this training has succeeded. */
async function peopleAfter(storage: ObjectStorage, { keyId, subject }: TrainPayload) {
  const people: Subject[] = [];
  for await (const person of subjects(storage, keyId).list()) people.push(person);
  if (subject === null || people.some(({ id }) => id === subject.subjectId)) return { people };
  const newcomer = { id: subject.subjectId, label: subject.label, createdAt: new Date().toISOString() };
  return { people: [...people, newcomer], newcomer };
}

function nobody(reports: readonly BatchReport[]): AppError {
  const refused = reports.flatMap((report) => report.refused);
  const reasons = [...new Set(refused.map(({ reason }) => reason))].join(', ');
  return refused.length === 0
    ? new AppError('NO_USABLE_PHOTOS', 'Nobody is enrolled under this key; send photos with a label first.')
    : new AppError('NO_USABLE_PHOTOS', `None of the ${refused.length} photo(s) could be used: ${reasons}.`, {
        details: { refused },
      });
}

async function isInForce(storage: ObjectStorage, payload: TrainPayload): Promise<boolean> {
  return (await currentCard(storage, payload))?.jobId === payload.jobId;
}

async function currentCard(storage: ObjectStorage, { keyId }: TrainPayload): Promise<ModelCard | undefined> {
  const version = await models(storage, keyId).currentVersion();
  return version === undefined ? undefined : (await models(storage, keyId).read(version)).card;
}

/** A worker that died after clearing up has published already; otherwise photos of the training are missing. */
async function answerOfEarlierTry(
  storage: ObjectStorage,
  payload: TrainPayload,
): Promise<Answer<TrainResult>> {
  const card = await currentCard(storage, payload);
  if (card?.jobId === payload.jobId) return trainAnswer(payload, card, [], {});
  throw new AppError('JOB_LOST', 'A batch of the training was not completed; send it again.');
}
