import { AppError, type ModelCard, type Subject, type TrainPayload } from '@facehash/contracts';
import type { JobContext } from '@facehash/jobs';
import type { Background } from '@facehash/keras-models';
import { featureTables, models, type ObjectStorage } from '@facehash/storage';
import { assertMayPublish } from './assert-may-publish.js';
import { enrolledRows } from './enrolled-rows.js';
import { enrol, enrolledPeople, personOf, type Examined } from './enrolment.js';
import { fitModel } from './fit-model.js';

type Training = Examined<TrainPayload>;

export interface Fitted {
  readonly card: Omit<ModelCard, 'checksums'>;
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
  o: { storage: ObjectStorage; background: Background; warn: (error: unknown) => void },
  trainings: { own: Training; along: readonly Training[] },
  context: JobContext,
): Promise<Fitted> {
  const { storage, background } = o;
  const { own } = trainings;
  const { jobId, keyId } = own.payload;
  const startedAt = performance.now();
  const enrolled = await enrolledPeople(storage, keyId);
  personOf(own, enrolled);
  let along = trainings.along.filter((training) => isEnrollable(training, enrolled));

  for (;;) {
    const together = [own, ...along];
    const people = withNewcomers(enrolled, together);
    const rows = await enrolledRows(storage, keyId, people, background, stagedRows(together));
    if (rows.length === 0) {
      const message = 'Nobody is enrolled under this key; send photos with a label first.';
      throw new AppError('NO_USABLE_PHOTOS', message);
    }
    const readAt = performance.now();
    await context.progress('fitting', 93);
    context.signal.throwIfAborted();
    const alongJobs = along.map(({ payload }) => payload.jobId);
    const model = await fitModel(rows, people, background, { jobId, alongJobs, now: new Date() });
    const fittedAt = performance.now();

    await context.progress('publishing', 97);
    const stayed = await thoseStillWanted(along, context);
    if (stayed.length < along.length) {
      // What was cancelled while the fit ran must not be in the model.
      along = stayed;
      continue;
    }
    const before = await models(storage, keyId).currentVersion();
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
    await tidy(storage, own.payload, subjectIds, [before, model.card.version]).catch(o.warn);
    return { card: model.card, along, timings };
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
