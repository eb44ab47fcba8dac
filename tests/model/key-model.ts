import { createJobHistories, type JobHistories } from './job-histories.js';
import type { Job, OnTraining } from '@facehash/contracts';

export interface EnrolledPerson {
  readonly id: string;
  label: string;
  photos: number;
  /** Photos that the model in force knows: those added without a training wait for the next one. */
  learnt: number;
  metadata: Record<string, string>;
}

/** A job that changes who is enrolled: a training or a deletion. */
export interface PendingChange {
  readonly jobId: string;
  /** Of a training: the label it enrols under. */
  readonly names?: string;
  /** Of a deletion: whom it deletes, as a whole. */
  readonly forgets?: EnrolledPerson;
  /** What the job did, told by its end. */
  readonly apply: (ended: Job) => void;
}

/** What one key must find at the service. */
export interface KeyModel {
  /** In all of its labels, file names and metadata, and in nobody else's. */
  readonly marker: string;
  readonly people: Map<number, EnrolledPerson>;
  readonly jobs: JobHistories;
  pending: PendingChange | undefined;
  /** What its requests do while something is pending. */
  onTraining: OnTraining;
  /** Cancelled trainings, whose workers may still be clearing up and keep the key's turn; and photos just added. */
  readonly clearing: Set<string>;
}

export const createKeyModel = (marker: string): KeyModel => ({
  ...{ marker, people: new Map(), jobs: createJobHistories() },
  ...{ pending: undefined, onTraining: 'reject', clearing: new Set() },
});

export const labelOf = (model: KeyModel, person: number): string =>
  model.people.get(person)?.label ?? `Person ${person} ${model.marker}`;

/** Whom the model in force knows: a subject whose photos are all deleted is kept, and is in no model. */
export const recognizable = (model: KeyModel): EnrolledPerson[] =>
  [...model.people.values()].filter(({ learnt }) => learnt > 0);

/** A fit takes all that is there. */
export function learnAll(model: KeyModel): void {
  for (const person of model.people.values()) person.learnt = person.photos;
}

/** Photos that a job has accepted of somebody, who may be new. */
export function addPhotos(
  model: KeyModel,
  person: number,
  { id, label, accepted }: { readonly id: string; readonly label: string; readonly accepted: number },
): void {
  const known = model.people.get(person);
  if (known === undefined) model.people.set(person, { id, label, photos: accepted, learnt: 0, metadata: {} });
  else known.photos += accepted;
}

/** A label that a result may hold from now on. */
export function allowLabel(model: KeyModel, label: string): void {
  for (const { labels } of model.jobs.all.values()) labels.add(label);
}

/** The records that name the person may go at any moment. */
export function beginForgetting(model: KeyModel, { id, label }: EnrolledPerson): void {
  for (const job of model.jobs.all.values()) {
    const { type, status } = job.last.job;
    // An enrolment that failed tells nobody whom it was to enrol, but its record knows.
    const failedEnrolment = (type === 'train' || type === 'enrol') && status !== 'succeeded';
    const text = job.final ?? id;
    if (job.gone === 'no' && (failedEnrolment || text.includes(id) || text.includes(label)))
      job.gone = 'maybe';
  }
}

/** Nobody names the person any more: neither what is answered from now on nor what is kept of before. */
export function forget(model: KeyModel, { id, label }: EnrolledPerson): void {
  for (const job of model.jobs.all.values()) {
    if (job.final === undefined) job.labels.delete(label);
    else if (job.final.includes(id)) job.gone = 'yes';
  }
}

export const labelsNow = (model: KeyModel): string[] => [...model.people.values()].map(({ label }) => label);
