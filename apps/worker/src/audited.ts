import type { AuditAnswer, RecognizedFace, RecognizePayload, VerifyPayload } from '@facehash/contracts';
import { auditLog, type ObjectStorage } from '@facehash/storage';

/**
 * Writes down what a job is about to answer, where its key wants that. Before the answer is published: a worker that dies in
 * between leaves an entry of an answer nobody had, and never an answer without an entry.
 */
export async function audited(
  storage: ObjectStorage,
  type: 'recognize' | 'verify',
  { jobId, keyId, requestId, askedBy }: RecognizePayload | VerifyPayload,
  said: { readonly model: string | null; readonly answers: AuditAnswer[] },
): Promise<void> {
  if (askedBy === undefined) return;
  await auditLog(storage, keyId).append({
    ...{ id: jobId, object: 'audit_entry', type, at: new Date().toISOString(), request_id: requestId },
    ...{ address: askedBy.address, secret_created_at: askedBy.secretCreatedAt, ...said },
  });
}

/** What an answer said of each face; neither labels, which are the caller's words, nor candidates, whom it did not name. */
export function answersAbout(
  faces: readonly RecognizedFace[],
  claimedSubjectId: string | undefined,
): AuditAnswer[] {
  return faces.flatMap(({ label, ambiguous, candidates, threshold, claimed }) => {
    const [best] = candidates;
    const isNamed = label !== null && best !== undefined;
    const answer: AuditAnswer = {
      outcome: isNamed ? 'named' : ambiguous ? 'ambiguous' : 'unknown',
      subject_id: isNamed ? best.subject_id : null,
      score: best?.score ?? null,
      threshold,
    };
    if (claimed === undefined) return [answer];
    return [answer, { ...verdict(claimed, threshold), subject_id: claimedSubjectId ?? null }];
  });
}

/** @param threshold from which on it is a match */
export const verdict = (
  { match, score }: { readonly match: boolean; readonly score: number },
  threshold: number,
): Omit<AuditAnswer, 'subject_id'> => ({ outcome: match ? 'match' : 'no_match', score, threshold });
