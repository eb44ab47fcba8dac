import { AppError } from '@facehash/contracts';
import { subjects, type ObjectStorage } from '@facehash/storage';

/**
 * The id of the person whom a request names, so that a job finds them under whatever label they have by then.
 * @throws AppError LABEL_UNKNOWN
 */
export async function enrolledSubject(storage: ObjectStorage, keyId: string, label: string): Promise<string> {
  const subject = await subjects(storage, keyId).findByLabel(label);
  if (subject !== undefined) return subject.id;
  throw new AppError(
    'LABEL_UNKNOWN',
    `Nobody of this key is called "${label}"; GET /v1/subjects lists who there is.`,
  );
}
