import { AppError, labelSchema, type Subject, type SubjectResource } from '@facehash/contracts';
import { photos, subjects, type ObjectStorage } from '@facehash/storage';

/**
 * The key's subject a path names. A label that none can have is not found either: there is nothing at that address.
 * @throws AppError NOT_FOUND
 */
export async function requireSubject(storage: ObjectStorage, keyId: string, label: string): Promise<Subject> {
  const parsed = labelSchema.safeParse(label);
  const subject = parsed.success ? await subjects(storage, keyId).findByLabel(parsed.data) : undefined;
  if (subject !== undefined) return subject;
  throw new AppError('NOT_FOUND', `This key has no subject with the label ${JSON.stringify(label)}.`);
}

/** A subject as the caller sees it. */
export async function toSubjectResource(
  storage: ObjectStorage,
  keyId: string,
  { id, label, createdAt, metadata = {}, consent }: Subject,
): Promise<SubjectResource> {
  const kept = await photos(storage, keyId).list(id);
  return {
    id,
    object: 'subject',
    label,
    photos: kept.length,
    metadata,
    consent: consent ?? null,
    created_at: createdAt,
  };
}
