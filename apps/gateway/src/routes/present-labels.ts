import { subjects, type ObjectStorage } from '@facehash/storage';

/** Labels by subject, as they are called now: a change of label makes no new model. */
export async function presentLabels(storage: ObjectStorage, keyId: string): Promise<Map<string, string>> {
  const labelOf = new Map<string, string>();
  for await (const { id, label } of subjects(storage, keyId).list()) labelOf.set(id, label);
  return labelOf;
}
