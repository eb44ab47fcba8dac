import type { PhotoWarningCode, RefusalReason } from '@facehash/contracts';

/** From so many photos on a further one adds little: rank-1 and TPIR of docs/evaluation.md hardly rise. */
const ENOUGH_PHOTOS = 5;
/** Beside the middle of the eyes, in eye distances: a head that is turned a little, half way to where it is turned too far. */
const TURNED_A_LITTLE = 0.12;

const REMEDIES: readonly (readonly [
  codes: readonly (PhotoWarningCode | RefusalReason)[],
  sentence: string,
])[] = [
  [['NO_FACE', 'LOOKED_UP_OR_DOWN', 'TURNED_ASIDE'], 'Look towards the camera, with the head held level.'],
  [['SEVERAL_FACES'], 'Be alone in the photo, or crop it.'],
  [['FACE_TOO_SMALL', 'SMALL_FACE'], 'Come closer to the camera.'],
  [['BLURRED', 'SOFT'], 'Hold still, and let the camera focus on the face.'],
  [['TOO_DARK', 'DARK'], 'Take some with more light from the front.'],
  [['OVEREXPOSED', 'HARSH_LIGHT'], 'Take some in softer light, without flash or direct sun.'],
  [['DUPLICATE'], 'Send different photos, best of several days.'],
  [
    ['LOOKS_LIKE_ANOTHER', 'UNLIKE_THE_OTHERS'],
    'Check whether the photos named below show the right person.',
  ],
];

/**
 * What to photograph next, in sentences for people.
 * @param faults of the photos that were sent
 * @param turns of those that were taken (headPose)
 * @param photos the person has now
 */
export function whatNext(o: {
  readonly faults: readonly (PhotoWarningCode | RefusalReason)[];
  readonly turns: readonly number[];
  readonly photos: number;
}): string[] {
  const sentences = REMEDIES.filter(([codes]) => codes.some((code) => o.faults.includes(code))).map(
    ([, sentence]) => sentence,
  );
  const missing = ENOUGH_PHOTOS - o.photos;
  if (missing > 0) sentences.push(`Add ${missing} more photo(s) of the person.`);
  const [left, right] = [
    o.turns.some((turn) => turn > TURNED_A_LITTLE),
    o.turns.some((turn) => turn < -TURNED_A_LITTLE),
  ];
  // Somebody who needs no more photos needs no other pose either.
  if (missing > 0 && o.turns.length > 0) {
    // The person's own left is the right of the picture.
    const sides = [left ? '' : 'left', right ? '' : 'right']
      .filter((side) => side !== '')
      .join(' and to the ');
    if (sides !== '') sentences.push(`Turn the head a little to the ${sides} on some of them.`);
  }
  return sentences;
}
