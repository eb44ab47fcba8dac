import type { Redis } from './connection.js';
import { createNewcomers, type Newcomers } from './newcomers.js';
import type { JobRecord } from './record-fields.js';
import { createTrainingLocks, type TrainingLocks } from './training-locks.js';
import { createTrainingsUnderWay, type TrainingsUnderWay } from './trainings-under-way.js';

/** What the jobs that change one key's model know of each other: whose turn it is, who is under way, whom they enrol. */
export type Trainings = TrainingLocks & TrainingsUnderWay & Newcomers;

export function createTrainings(o: {
  redis: Redis;
  prefix: string;
  read: (jobId: string) => Promise<JobRecord | undefined>;
}): Trainings {
  return { ...createTrainingLocks(o), ...createTrainingsUnderWay(o), ...createNewcomers(o) };
}
