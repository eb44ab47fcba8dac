import { jobLogFields, type ModelCard, type TrainPayload } from '@facehash/contracts';
import type { JobContext, JobHandler, JobLogger } from '@facehash/jobs';
import type { Background } from '@facehash/keras-models';
import { models, type ObjectStorage } from '@facehash/storage';
import { enrolmentLeftovers } from './enrolment-leftovers.js';
import { readExamined, type Examined } from './enrolment.js';
import { fitTogether } from './fit-together.js';
import { readyTrainings } from './ready-trainings.js';
import { trainAnswer } from './train-answer.js';

export interface TrainDependencies {
  readonly storage: ObjectStorage;
  readonly background: Background;
  readonly logger: Pick<JobLogger, 'warn'>;
}

type Training = Examined<TrainPayload>;

/**
 * The last step of a training: reports → the key's turn → everybody's rows → fit → publish. It takes along what waits for
 * the same turn, and ends those trainings with its model. Nothing a caller can see changes before `publish` moves the key to
 * the new version. The turn is never given back here: it ends with the job's record, and then the others have ended too.
 */
export function trainHandler({ storage, background, logger }: TrainDependencies): JobHandler<'train'> {
  return {
    async run(payload, context) {
      const own = await readExamined(storage, payload);
      // From here on whoever has the turn takes this training along.
      await readyTrainings(storage).note(payload);
      await context.turn();

      const others = await waitingOnes(storage, context);
      const card = await currentCard(storage, payload.keyId);
      // A fit may have taken them along and died before it could end them all.
      for (const other of others) {
        if (card !== undefined && isFittedBy(card, other))
          await context.others.end(other.payload.jobId, trainAnswer(other, card, {}));
      }
      if (card !== undefined && isFittedBy(card, own)) return trainAnswer(own, card, {});

      const along = others.filter((other) => card === undefined || !isFittedBy(card, other));
      const warn = (error: unknown): void => {
        const text = 'the model is published, but its training left objects behind';
        logger.warn({ err: error, ...jobLogFields(payload) }, text);
      };
      const fitted = await fitTogether({ storage, background, warn }, { own, along }, context);
      for (const other of fitted.along)
        await context.others.end(other.payload.jobId, trainAnswer(other, fitted.card, fitted.timings));
      return trainAnswer(own, fitted.card, fitted.timings);
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
  const examined = await Promise.allSettled(payloads.map((payload) => readExamined(storage, payload)));
  return examined.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

function isFittedBy(card: ModelCard, { payload }: Pick<Training, 'payload'>): boolean {
  return card.jobId === payload.jobId || card.alongJobs.includes(payload.jobId);
}

async function currentCard(storage: ObjectStorage, keyId: string): Promise<ModelCard | undefined> {
  const version = await models(storage, keyId).currentVersion();
  return version === undefined ? undefined : models(storage, keyId).card(version);
}
