import { jobLogFields, type ModelCard, type TrainPayload } from '@facehash/contracts';
import type { JobContext, JobHandler, JobLogger } from '@facehash/jobs';
import { apiKeys, models, type ObjectStorage } from '@facehash/storage';
import type { Backgrounds } from '../backgrounds.js';
import { currentCard } from './current-card.js';
import { enrolmentLeftovers } from './enrolment-leftovers.js';
import { readExamined, type Examined } from './enrolment.js';
import { fitTogether } from './fit-together.js';
import { readyTrainings } from './ready-trainings.js';
import { trainAnswer } from './train-answer.js';
import { withoutDuplicates } from './without-duplicates.js';

export interface TrainDependencies {
  readonly storage: ObjectStorage;
  readonly backgrounds: Backgrounds;
  readonly logger: Pick<JobLogger, 'warn'>;
}

type Training = Examined<TrainPayload>;

/**
 * The last step of a training: reports → the key's turn → everybody's rows → fit → publish. It takes along what waits for
 * the same turn, and ends those trainings with its model. Nothing a caller can see changes before `publish` moves the key to
 * the new version. The turn is never given back here: it ends with the job's record, and then the others have ended too.
 */
export function trainHandler({ storage, backgrounds, logger }: TrainDependencies): JobHandler<'train'> {
  return {
    async run(payload, context) {
      const examined = await readExamined(storage, payload);
      // From here on whoever has the turn takes this training along.
      await readyTrainings(storage).note(payload);
      await context.turn();
      const own = await withoutDuplicates(storage, examined);

      const others = await waitingOnes(storage, context);
      const card = await currentCard(storage, payload.keyId);
      const setting = (await apiKeys(storage).get(payload.keyId))?.threshold;
      const known = async (fittedBefore: ModelCard) => ({
        card: fittedBefore,
        report: await models(storage, payload.keyId).report(fittedBefore.version),
      });
      // A fit may have taken them along and died before it could end them all.
      for (const other of others) {
        if (card !== undefined && isFittedBy(card, other))
          await context.others.end(other.payload.jobId, trainAnswer(other, await known(card), {}, setting));
      }
      if (card !== undefined && isFittedBy(card, own))
        return trainAnswer(own, await known(card), {}, setting);

      const along = others.filter((other) => card === undefined || !isFittedBy(card, other));
      const warn = (error: unknown): void => {
        const text = 'the model is published, but its training left objects behind';
        logger.warn({ err: error, ...jobLogFields(payload) }, text);
      };
      const fitted = await fitTogether({ storage, backgrounds, warn }, { own, along }, context);
      for (const other of fitted.along)
        await context.others.end(other.payload.jobId, trainAnswer(other, fitted, fitted.timings, setting));
      return trainAnswer(own, fitted, fitted.timings, setting);
    },

    afterSuccess: (payload) => enrolmentLeftovers(storage, payload).deleteUploads(),

    async cleanUp(payload) {
      const leftovers = enrolmentLeftovers(storage, payload);
      const card = await currentCard(storage, payload.keyId);
      // Published, and only the answer was lost: the model in force stands on these photos.
      if (card !== undefined && isFittedBy(card, { payload })) await leftovers.deleteUploads();
      else await leftovers.undo();
    },
  };
}

async function waitingOnes(storage: ObjectStorage, context: JobContext): Promise<Training[]> {
  const payloads = await readyTrainings(storage).among(await context.others.list());
  // One that ends at this moment, as when it is cancelled, may have deleted a part of this already.
  const examined = await Promise.allSettled(
    payloads.map(async (payload) => withoutDuplicates(storage, await readExamined(storage, payload))),
  );
  return examined.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

function isFittedBy(card: ModelCard, { payload }: Pick<Training, 'payload'>): boolean {
  return card.jobId === payload.jobId || card.alongJobs.includes(payload.jobId);
}
