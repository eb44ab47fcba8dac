import type { FEATURE_SETS } from '@facehash/vision';
import { type DetectedFace } from '@facehash/vision';
import { enrolled } from './enrolled.js';

/** How much likelier the best name is than the second, from which it is given. */
const ODDS = [1, 2, 4, 9, 19, 49, 99] as const;
const DRAWS = 4;

/**
 * Names given rightly and wrongly when the best candidate must be so many times likelier than the second; everybody is enrolled
 * with `photos` of theirs, the others ask.
 */
export async function margins(
  features: keyof typeof FEATURE_SETS,
  people: readonly (readonly DetectedFace[])[],
  photos: number,
): Promise<void> {
  const counts = ODDS.map(() => ({ right: 0, wrong: 0, both: 0 }));
  let asked = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const turned = people.map((faces) => [
      ...faces.slice(draw % faces.length),
      ...faces.slice(0, draw % faces.length),
    ]);
    const model = await enrolled(
      features,
      turned.map((faces) => faces.slice(0, photos)),
    );
    for (const [person, faces] of turned.entries()) {
      for (const face of faces.slice(photos)) {
        asked++;
        const scores = model.scores(face);
        const [best, second] = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!) as [number, number];
        if (scores[best]! < model.threshold) continue;
        for (const [at, odds] of ODDS.entries()) {
          const count = counts[at]!;
          if (scores[best]! - scores[second]! >= Math.log(odds)) count[best === person ? 'right' : 'wrong']++;
          else if (best === person || second === person) count.both++;
        }
      }
    }
  }
  for (const [at, odds] of ODDS.entries()) {
    const { right, wrong, both } = counts[at]!;
    const shares = [right, wrong, both].map((n) => ((100 * n) / asked).toFixed(2));
    console.log(
      `${features} ${photos} photos, odds ${odds}: right ${shares[0]} %, wrong ${shares[1]} %, held back with the right one among the two ${shares[2]} %`,
    );
  }
}
