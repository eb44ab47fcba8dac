import type { Consent, EnrolResult, RefusedPhoto, TrainResult } from '@facehash/contracts';
import { contentKey } from './content-key.js';
import { FaceHashError, toFaceHashError } from './facehash-error.js';
import type { JobHandle, WaitOptions } from './job-handle.js';
import type { JobOf } from './job.js';
import type { Photo } from './photo.js';
import type { CallOptions } from './send.js';
import type { SubmitOptions } from './submit.js';

/** Photos of one person alone; a label may come again with more of them. */
export interface PersonPhotos {
  readonly label: string;
  readonly photos: readonly Photo[];
}

export interface PersonReport {
  readonly label: string;
  /** Those that are kept. */
  readonly accepted: number;
  /** Of the accepted, how many an earlier run had brought. */
  readonly alreadyThere: number;
  readonly refused: readonly RefusedPhoto[];
  /** Why photos of this person did not arrive at all; null when all of them did. */
  readonly error: FaceHashError | null;
}

export interface EnrolAllOptions extends CallOptions {
  /** On record of everybody who is enrolled, such as that of one text all have signed. */
  readonly consent?: Consent | undefined;
  /** People on their way at once; 2 unless told otherwise. */
  readonly concurrency?: number;
  /** Called when photos of a person are done, with all that is known of that person by then. */
  readonly onPerson?: (report: PersonReport) => void;
  /** Of the training at the end. */
  readonly onProgress?: WaitOptions['onProgress'];
}

export interface EnrolAllReport {
  /** In the order of their first photos. */
  readonly people: readonly PersonReport[];
  /** The training at the end, well or not; null when no photo was accepted. */
  readonly training: JobOf<TrainResult> | null;
}

/** What it needs of a client. */
interface Enroller {
  addPhotos(
    label: string,
    photos: readonly Photo[],
    options?: SubmitOptions & { readonly consent?: Consent | undefined },
  ): Promise<JobHandle<EnrolResult>>;
  retrain(options?: SubmitOptions): Promise<JobHandle<TrainResult>>;
}

/** What the server takes in one request. */
const MAX_PHOTOS = 200;
const DEFAULT_CONCURRENCY = 2;

/** @throws FaceHashError when nothing can be done for anybody: no server, no such key, no scope */
export async function enrolAll(
  client: Enroller,
  people: AsyncIterable<PersonPhotos> | Iterable<PersonPhotos>,
  { concurrency = DEFAULT_CONCURRENCY, consent, onPerson, onProgress, signal }: EnrolAllOptions = {},
): Promise<EnrolAllReport> {
  const reports = new Map<string, PersonReport>();
  /** Photos of one person go one request after the other: the first one makes the person. */
  const turns = new Map<string, Promise<void>>();

  async function enrol({ label, photos }: PersonPhotos): Promise<void> {
    for (let at = 0; at < photos.length; at += MAX_PHOTOS) {
      const outcome = await addOnce(client, label, photos.slice(at, at + MAX_PHOTOS), { consent, signal });
      const { accepted, alreadyThere, refused, error } = reports.get(label)!;
      reports.set(label, {
        label,
        accepted: accepted + outcome.accepted,
        alreadyThere: alreadyThere + outcome.alreadyThere,
        refused: [...refused, ...outcome.refused],
        error: error ?? outcome.error,
      });
    }
    onPerson?.(reports.get(label)!);
  }

  const queue = (async function* () {
    yield* people;
  })();
  async function takeFromQueue(): Promise<void> {
    for (;;) {
      const next = await queue.next();
      if (next.done === true) return;
      const person = next.value;
      const { label } = person;
      if (!reports.has(label))
        reports.set(label, { label, accepted: 0, alreadyThere: 0, refused: [], error: null });
      const turn = (turns.get(label) ?? Promise.resolve()).then(() => enrol(person));
      turns.set(label, turn);
      await turn;
    }
  }
  try {
    await Promise.all(Array.from({ length: concurrency }, takeFromQueue));
  } finally {
    // Whoever fails, the others stop at their next person, and the source is closed.
    await queue.return(undefined);
  }

  const everybody = [...reports.values()];
  if (!everybody.some(({ accepted }) => accepted > 0)) return { people: everybody, training: null };
  const training = await client.retrain({ whileTraining: 'wait', onProgress, signal });
  return { people: everybody, training: await training.wait({ signal }) };
}

type Outcome = Omit<PersonReport, 'label'>;

/** Tries in all; what a job fails of that may be tried again, like a wiped queue, does not happen three times in a row. */
const MAX_JOBS = 3;

async function addOnce(
  client: Enroller,
  label: string,
  photos: readonly Photo[],
  { consent, signal }: Pick<EnrolAllOptions, 'consent' | 'signal'>,
): Promise<Outcome> {
  // The same photos under another consent are another request.
  const content = await contentKey(
    consent === undefined ? label : `${label}\n${JSON.stringify(consent)}`,
    photos,
  );
  try {
    for (let attempt = 1; ; attempt++) {
      // A key brings its job back even where that failed, so another try needs another key: the same ones in every run.
      const idempotencyKey = `${content}-${attempt}`;
      const job = await client.addPhotos(label, photos, {
        ...{ idempotencyKey, whileTraining: 'wait', signal },
        ...(consent && { consent }),
      });
      const { result, error } = await job.wait({ signal });
      if (error === null) {
        const { accepted, refused } = result!.photos;
        return { accepted, alreadyThere: job.isReplayed ? accepted : 0, refused, error: null };
      }
      if (!error.retryable || attempt === MAX_JOBS) throw toFaceHashError(error);
    }
  } catch (error) {
    if (!(error instanceof FaceHashError) || concernsAll(error)) throw error;
    const { refused } = error.details;
    const photos = Array.isArray(refused) ? (refused as RefusedPhoto[]) : [];
    return { accepted: 0, alreadyThere: 0, refused: photos, error };
  }
}

const concernsAll = ({ status }: FaceHashError): boolean =>
  status === undefined || status === 401 || status === 403;
