import type { JobClient } from '@facehash/jobs';
import { subjects, type ObjectStorage } from '@facehash/storage';

/** The person whom photos with this label are of: a known label adds to its person, a new one is one new person. */
export async function subjectOfLabel(
  { storage, jobs }: { storage: ObjectStorage; jobs: JobClient },
  keyId: string,
  label: string,
): Promise<{ subjectId: string; label: string }> {
  const find = async () => (await subjects(storage, keyId).findByLabel(label))?.id;
  const known = await find();
  if (known !== undefined) return { subjectId: known, label };
  const newcomer = await jobs.trainings.newcomerId(keyId, label);
  // Again: the job that enrols them may have done so in between, and then the id just agreed on is nobody's.
  const since = await find();
  if (since !== undefined && since !== newcomer) await jobs.trainings.forgetNewcomers(keyId, [newcomer]);
  return { subjectId: since ?? newcomer, label };
}
