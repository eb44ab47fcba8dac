import { describe, expect, it } from '@jest/globals';
import { classify } from './classify.js';
import { underPresentNames } from './present-names.js';

const card = {
  threshold: 4,
  labels: ['ann', 'bob', 'cem'].map((label) => ({ subjectId: `sub_${label}`, label, photos: 3 })),
};
const bob = () => classify(Float32Array.of(1, 9, 5), card);

describe('underPresentNames', () => {
  it('names a subject as it is called now, whatever the model was trained with', async () => {
    const [answer] = await underPresentNames([bob()], (id) =>
      Promise.resolve(id === 'sub_bob' ? 'Robert' : 'somebody'),
    );
    expect(answer).toMatchObject({
      label: 'Robert',
      candidates: [{ subject_id: 'sub_bob', label: 'Robert' }, {}, {}],
    });
  });

  it('never names somebody who was deleted', async () => {
    const present = new Map([['sub_ann', 'ann']]);
    const [answer] = await underPresentNames([bob()], (id) => Promise.resolve(present.get(id)));
    expect(answer!.candidates.map(({ label }) => label)).toEqual(['ann']);
    expect(answer!.label).toBeNull();
    expect((await underPresentNames([bob()], () => Promise.resolve(undefined)))[0]).toMatchObject({
      label: null,
      confidence: 0,
    });
  });

  it('is in no doubt between somebody and a person who was deleted', async () => {
    const twins = classify(Float32Array.of(1, 9, 8), card);
    expect(twins.ambiguous).toBe(true);
    const [answer] = await underPresentNames([twins], (id) =>
      Promise.resolve(id === 'sub_cem' ? undefined : id),
    );
    expect(answer).toMatchObject({ label: 'sub_bob', ambiguous: false });
  });

  it('asks once for a subject who is a candidate for several faces', async () => {
    const asked: string[] = [];
    await underPresentNames([bob(), bob()], (id) => {
      asked.push(id);
      return Promise.resolve(id);
    });
    expect(asked.sort()).toEqual(['sub_ann', 'sub_bob', 'sub_cem']);
  });
});
