import { describe, expect, it } from '@jest/globals';
import { whatNext } from './what-next.js';

const fine = { faults: [], turns: [0.2, -0.2, 0], photos: 5 };

describe('whatNext', () => {
  it('asks for nothing where nothing is missing', () => {
    expect(whatNext(fine)).toEqual([]);
    // Somebody with enough photos need not turn the head.
    expect(whatNext({ ...fine, turns: [0, 0] })).toEqual([]);
  });

  it('asks for more photos, and for the sides the head was not turned to', () => {
    expect(whatNext({ ...fine, photos: 2, turns: [0.01, -0.2] })).toEqual([
      'Add 3 more photo(s) of the person.',
      'Turn the head a little to the left on some of them.',
    ]);
    expect(whatNext({ ...fine, photos: 1, turns: [0.3] })[1]).toContain('to the right');
    expect(whatNext({ ...fine, photos: 1, turns: [0] })[1]).toContain('to the left and to the right');
  });

  it('says once what would have helped photos that were refused or warned of', () => {
    expect(whatNext({ ...fine, faults: ['TOO_DARK', 'DARK', 'SOFT'] })).toEqual([
      'Hold still, and let the camera focus on the face.',
      'Take some with more light from the front.',
    ]);
  });

  it('says nothing of poses where no photo was taken', () => {
    expect(whatNext({ faults: ['NO_FACE'], turns: [], photos: 0 })).toEqual([
      'Look towards the camera, with the head held level.',
      'Add 5 more photo(s) of the person.',
    ]);
  });
});
