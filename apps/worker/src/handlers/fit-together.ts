import {
  AppError,
  type ModelCard,
  type ModelReport,
  type Subject,
  type TrainPayload,
} from '@facehash/contracts';
import type { JobContext } from '@facehash/jobs';
import { featureTables, models, type ObjectStorage } from '@facehash/storage';
import type { Backgrounds } from '../backgrounds.js';
import { assertMayPublish } from './assert-may-publish.js';
import { currentCard } from './current-card.js';
import { enrol, enrolledPeople, personOf, type Examined } from './enrolment.js';
import { fitModel, type FreshModel } from './fit-model.js';
import { gatherStatistics } from './gather-statistics.js';

type Training = Examined<TrainPayload>;

export interface Fitted {
  readonly card: Omit<ModelCard, 'checksums'>;
  readonly report: ModelReport;
  readonly standings: FreshModel['standings'];
  /** The others that this model knows. */
  readonly along: readonly Training[];
  /** Milliseconds. */
  readonly timings: Record<string, number>;
}

/**
 * Fits the key's model for one training and those that wait beside it, and puts it in force. Requires: the key's turn.
 * @throws AppError NO_USABLE_PHOTOS when nobody is enrolled; LABEL_TAKEN and JOB_LOST for `own`
 */
export async function fitTogether(
  o: { storage: ObjectStorage; backgrounds: Backgrounds; warn: (error: unknown) => void },
  trainings: { own: Training; along: readonly Training[] },
  context: JobContext,
): Promise<Fitted> {
  const { storage, backgrounds } = o;
  const { own } = trainings;
  const { jobId, keyId } = own.payload;
  const startedAt = performance.now();
  const enrolled = await enrolledPeople(storage, keyId);
  personOf(own, enrolled);
  const card = await currentCard(storage, keyId);
  let along = trainings.along.filter((training) => isEnrollable(training, enrolled));

  for (;;) {
    const together = [own, ...along];
    const people = withNewcomers(enrolled, together);
    const gathered = await gatherStatistics(
      { storage, backgrounds },
      { keyId, people, version: card?.version, staged: stagedRows(together), compactedAs: jobId },
    );
    if (gathered === undefined) {
      const message = 'Nobody is enrolled under this key; send photos with a label first.';
      throw new AppError('NO_USABLE_PHOTOS', message);
    }
    const readAt = performance.now();
    await context.progress('fitting', 93);
    context.signal.throwIfAborted();
    const alongJobs = along.map(({ payload }) => payload.jobId);
    const fresh = together.flatMap(({ tables }) => tables.flatMap(({ photoIds }) => photoIds));
    const request = { keyId, jobId, alongJobs, fresh, before: card, now: new Date() };
    const { standings, ...model } = await fitModel(o, gathered, people, request);
    const fittedAt = performance.now();

    await context.progress('publishing', 97);
    const stayed = await thoseStillWanted(along, context);
    if (stayed.length < along.length) {
      // What was cancelled while the fit ran must not be in the model.
      along = stayed;
      continue;
    }
    await models(storage, keyId).publish({
      ...model,
      confirm: async () => {
        await assertMayPublish(context);
        for (const training of together) {
          const person = personOf(training, people);
          if (person !== undefined) await enrol(storage, training, person);
        }
      },
    });
    const timings = {
      read: readAt - startedAt,
      fit: fittedAt - readAt,
      publish: performance.now() - fittedAt,
    };
    const subjectIds = [...new Set(together.flatMap(({ payload }) => payload.subject?.subjectId ?? []))];
    // The key knows the new model whatever becomes of this.
    await context.enrolled(subjectIds).catch(o.warn);
    await tidy(storage, own.payload, subjectIds, [card?.version, model.card.version]).catch(o.warn);
    return { card: model.card, report: model.report, standings, along, timings };
  }
}

/** One whose label was given to somebody else fails by itself, in its own turn. */
function isEnrollable(training: Training, people: readonly Subject[]): boolean {
  try {
    personOf(training, people);
    return true;
  } catch {
    return false;
  }
}

/** Two trainings of one newcomer are one person. */
function withNewcomers(enrolled: readonly Subject[], trainings: readonly Training[]): Subject[] {
  const people = [...enrolled];
  for (const training of trainings) {
    const person = personOf(training, people);
    if (person !== undefined && !people.includes(person)) people.push(person);
  }
  return people;
}

function stagedRows(trainings: readonly Training[]): Map<string, Training['tables'][number][]> {
  const staged = new Map<string, Training['tables'][number][]>();
  for (const { payload, tables } of trainings) {
    if (payload.subject === null) continue;
    const { subjectId } = payload.subject;
    staged.set(subjectId, [...(staged.get(subjectId) ?? []), ...tables]);
  }
  return staged;
}

/** They cannot be cancelled any more. */
async function thoseStillWanted(trainings: readonly Training[], context: JobContext): Promise<Training[]> {
  const wanted = await Promise.all(trainings.map(({ payload }) => context.others.mayPublish(payload.jobId)));
  return trainings.filter((_, at) => wanted[at]);
}

/**
 * Batches become one table a subject. Of models, the one before stays beside the new one: workers that looked up which is
 * in force a moment ago are about to load it. One that is older and asked for all the same is tried again with the new one.
 */
async function tidy(
  storage: ObjectStorage,
  { jobId, keyId }: TrainPayload,
  subjectIds: readonly string[],
  keep: readonly (string | undefined)[],
): Promise<void> {
  for (const subjectId of subjectIds) await featureTables(storage, keyId).compact(subjectId, jobId);
  await models(storage, keyId).prune(keep.filter((version) => version !== undefined));
}
