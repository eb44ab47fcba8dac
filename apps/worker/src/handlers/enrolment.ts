import { AppError, type EnrolPayload, type Subject, type TrainPayload } from '@facehash/contracts';
import {
  featureTables,
  stagedTables,
  subjects,
  type FeatureTable,
  type ObjectStorage,
} from '@facehash/storage';
import { batchName } from './batch-name.js';
import { batchReports, type BatchReport } from './batch-report.js';

/** A training or an enrolment whose photos have all been examined. */
export interface Examined<P extends TrainPayload | EnrolPayload = TrainPayload | EnrolPayload> {
  readonly payload: P;
  /** One a batch. */
  readonly reports: readonly BatchReport[];
  /** Rows of the usable photos, a table for each batch that has some. */
  readonly tables: readonly FeatureTable[];
}

/** @throws AppError JOB_LOST when a batch was not completed; NO_USABLE_PHOTOS when photos came and none can be used */
export async function readExamined<P extends TrainPayload | EnrolPayload>(
  storage: ObjectStorage,
  payload: P,
): Promise<Examined<P>> {
  const batches = payload.subject?.batches ?? 0;
  const reports: BatchReport[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const report = await batchReports(storage, payload.jobId).read(batch);
    if (report === undefined) {
      throw new AppError('JOB_LOST', 'A batch of the photos was not completed; send them again.');
    }
    reports.push(report);
  }
  if (payload.subject !== null) assertUsable(reports);
  return { payload, reports, tables: await stagedTables(storage, payload.jobId).read(batches) };
}

/** @throws AppError NO_USABLE_PHOTOS when nothing is accepted */
export function assertUsable(reports: readonly BatchReport[]): void {
  if (reports.reduce((sum, { accepted }) => sum + accepted, 0) > 0) return;
  const refused = reports.flatMap((report) => report.refused);
  const reasons = [...new Set(refused.map(({ reason }) => reason))].join(', ');
  const message = `None of the ${refused.length} photo(s) could be used: ${reasons}.`;
  throw new AppError('NO_USABLE_PHOTOS', message, { details: { refused } });
}

/**
 * Whom the photos show, among those enrolled or new.
 * @throws AppError LABEL_TAKEN where somebody else was given the label since the job was accepted
 */
export function personOf(
  { payload: { subject } }: Examined,
  people: readonly Subject[],
): Subject | undefined {
  if (subject === null) return undefined;
  const { subjectId, label, consent } = subject;
  const enrolled = people.find(({ id }) => id === subjectId);
  if (enrolled !== undefined) return enrolled;
  if (people.some((other) => other.label === label)) {
    const message = `Another subject was named ${JSON.stringify(label)} meanwhile; send the photos again.`;
    throw new AppError('LABEL_TAKEN', message);
  }
  return { id: subjectId, label, createdAt: new Date().toISOString(), ...(consent && { consent }) };
}

/** Makes rows and person part of what the next fit reads. Idempotent: a try that is repeated writes the same names. */
export async function enrol(
  storage: ObjectStorage,
  { payload, tables }: Examined,
  person: Subject,
): Promise<void> {
  const { jobId, keyId } = payload;
  for (const [at, table] of tables.entries())
    await featureTables(storage, keyId).write(person.id, batchName(jobId, at), table);
  // Last: who is listed has rows. And not over somebody who is there, whose name may be a newer one.
  const stored = subjects(storage, keyId);
  const before = await stored.get(person.id);
  const consent = payload.subject?.consent;
  if (before === undefined) await stored.put(person);
  else if (consent !== undefined) await stored.put({ ...before, consent });
}

/** Everybody enrolled under a key. */
export async function enrolledPeople(storage: ObjectStorage, keyId: string): Promise<Subject[]> {
  const people: Subject[] = [];
  for await (const person of subjects(storage, keyId).list()) people.push(person);
  return people;
}
