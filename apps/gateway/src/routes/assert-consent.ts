import { AppError, type ApiKey, type Consent } from '@facehash/contracts';
import { subjects, type ObjectStorage } from '@facehash/storage';

/**
 * For a key that enrols nobody without a record of consent: that this person has one, on record or in the request.
 * @throws AppError CONSENT_REQUIRED
 */
export async function assertConsent(
  storage: ObjectStorage,
  { id: keyId, requireConsent }: Pick<ApiKey, 'id' | 'requireConsent'>,
  { subjectId, label, consent }: { subjectId: string; label: string; consent?: Consent | undefined },
): Promise<void> {
  if (!requireConsent || consent !== undefined) return;
  if ((await subjects(storage, keyId).get(subjectId))?.consent !== undefined) return;
  throw new AppError(
    'CONSENT_REQUIRED',
    `This key enrols nobody without a record of consent, and there is none of ${JSON.stringify(label)}; send a field "consent".`,
  );
}
