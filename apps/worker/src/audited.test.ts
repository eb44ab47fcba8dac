import { describe, expect, it } from '@jest/globals';
import { newId, type RecognizedFace } from '@facehash/contracts';
import { answersAbout } from './audited.js';

const [ada, bob] = [newId('subject'), newId('subject')];
const candidate = (subject_id: string, score: number) => ({
  subject_id,
  label: 'Ada',
  score,
  confidence: 0.5,
});

/** What is asked of a face. */
const face = (changes: Partial<RecognizedFace>): RecognizedFace =>
  ({
    label: null,
    ambiguous: false,
    candidates: [],
    threshold: 2,
    confidence: 0,
    ...changes,
  }) as RecognizedFace;

describe('an entry of the audit log', () => {
  it('names whom the answer named, and nobody whom it withheld', () => {
    const candidates = [candidate(ada, 3), candidate(bob, 2.9)];
    const answers = answersAbout(
      [
        face({ label: 'Ada', candidates }),
        face({ ambiguous: true, candidates }),
        face({ candidates: [candidate(ada, 1)] }),
        face({}),
      ],
      undefined,
    );
    expect(answers).toEqual([
      { outcome: 'named', subject_id: ada, score: 3, threshold: 2 },
      { outcome: 'ambiguous', subject_id: null, score: 3, threshold: 2 },
      { outcome: 'unknown', subject_id: null, score: 1, threshold: 2 },
      { outcome: 'unknown', subject_id: null, score: null, threshold: 2 },
    ]);
    expect(JSON.stringify(answers)).not.toContain('Ada');
  });

  it('says of a claim whether it was right, whoever was named', () => {
    const claimed = { label: 'Bob', score: 2.5, confidence: 0.6, match: true };
    const answers = answersAbout([face({ label: 'Ada', candidates: [candidate(ada, 3)], claimed })], bob);
    expect(answers[1]).toEqual({ outcome: 'match', subject_id: bob, score: 2.5, threshold: 2 });
  });
});
