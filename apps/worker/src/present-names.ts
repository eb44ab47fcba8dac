import { decide, type Classification } from './classify.js';

/**
 * The same answers with the labels that subjects have now. Models know people by id and never change, so a new label
 * shows at once in every worker, and somebody who was deleted is not named by a model that is still in memory.
 * @param labelOf undefined for a subject that is no more; asked once per subject, at the very end of a recognition
 */
export async function underPresentNames(
  answers: readonly Classification[],
  labelOf: (subjectId: string) => Promise<string | undefined>,
): Promise<Classification[]> {
  const ids = new Set(
    answers.flatMap(({ candidates }) => candidates.map((candidate) => candidate.subject_id)),
  );
  const labels = new Map(await Promise.all([...ids].map(async (id) => [id, await labelOf(id)] as const)));
  return answers.map(({ candidates, threshold }) => {
    const present = candidates.flatMap((candidate) => {
      const label = labels.get(candidate.subject_id);
      return label === undefined ? [] : [{ ...candidate, label }];
    });
    return decide(present, threshold);
  });
}
