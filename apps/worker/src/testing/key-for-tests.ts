import { newId, type ExtractPayload, type TrainPayload } from '@facehash/contracts';
import { uploads, type ObjectStorage } from '@facehash/storage';
import { drawPerson, drawPortrait } from '@facehash/testkit';
import { aloneContext as context } from './job-context.js';
import { storedKeys } from './stored-keys.js';
import type { Handlers } from './use-handlers.js';

export interface Training {
  readonly train: TrainPayload;
  readonly batches: readonly ExtractPayload[];
}

/** Photos of one drawn person, those from number `from` on. */
export const portraits = (seed: number, from: number, count: number) =>
  Promise.all(Array.from({ length: count }, (_, photo) => drawPortrait(drawPerson(seed), from + photo)));

/** A key, and what its holder asks for as it reaches the handlers. */
export function keyForTests({ storage, handlers }: { storage: ObjectStorage; handlers: Handlers }) {
  const keyId = newId('key');

  /** What the gateway does: files into uploads, payloads of at most four photos a batch. */
  async function upload(
    label: string,
    files: readonly Buffer[],
    subjectId = newId('subject'),
  ): Promise<Training> {
    const envelope = { jobId: newId('job'), keyId, requestId: 'req_test' };
    const photos = await Promise.all(
      files.map(async (file, at) => {
        const uploadKey = uploads(storage).key(envelope.jobId, String(at));
        await storage.put(uploadKey, file);
        return { photoId: newId('photo'), uploadKey, fileName: `${at}.jpg` };
      }),
    );
    const batches: ExtractPayload[] = [];
    for (let from = 0; from < photos.length; from += 4) {
      batches.push({ ...envelope, subjectId, batch: batches.length, photos: photos.slice(from, from + 4) });
    }
    return {
      train: { ...envelope, subject: { subjectId, label, batches: batches.length, photos } },
      batches,
    };
  }

  async function extract({ batches }: Training): Promise<void> {
    for (const batch of batches) await handlers.extract.run(batch, context);
  }

  async function enrol(label: string, files: readonly Buffer[]) {
    const training = await upload(label, files);
    await extract(training);
    const answer = await handlers.train.run(training.train, context);
    await handlers.train.afterSuccess?.(training.train);
    return { ...training, answer };
  }

  async function recognize(file: Buffer, maxFaces = 1) {
    const jobId = newId('job');
    const uploadKey = uploads(storage).key(jobId);
    await storage.put(uploadKey, file);
    const payload = { jobId, keyId, requestId: 'req_test', uploadKey, maxFaces };
    return { payload, run: () => handlers.recognize.run(payload, context) };
  }

  const objects = (prefix: string): Promise<string[]> => storedKeys(storage, prefix);

  return { keyId, upload, extract, enrol, recognize, objects };
}
