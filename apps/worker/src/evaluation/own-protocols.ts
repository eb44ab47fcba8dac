import { openDraws, takes, type MeasuredPerson, type Protocol } from '@facehash/evaluation';
import type { Backgrounds } from '../backgrounds.js';

/** Three people are what a threshold can be set with; one more is the stranger. */
const MIN_ENROLLED = 3;
const MIN_PEOPLE = MIN_ENROLLED + 1;
/** More photos of a person tell little more, and a key rarely has them. */
const MAX_ENROLLED_PHOTOS = 20;

/**
 * Somebody's own photos, split: half of each person's are enrolled, the others are to be named. Once with everybody enrolled,
 * once with two thirds of the people, the others being strangers. Photos that enrolment refuses stay as probes.
 * @throws Error when there are too few people or photos
 */
export function ownProtocols(
  people: readonly MeasuredPerson[],
  backgrounds: Backgrounds,
  draws: number,
): Protocol[] {
  const counts = people.map((photos) => photos.length);
  const photos = (count: number): number => Math.min(MAX_ENROLLED_PHOTOS, Math.floor(count / 2));
  const several = counts.filter((count) => count >= 2).length;
  if (several < MIN_ENROLLED || people.length < MIN_PEOPLE) {
    throw new Error(
      `an evaluation needs ${MIN_PEOPLE} people, ${MIN_ENROLLED} of them with 2 photos or more; here are ${people.length}, ${several} with 2 or more`,
    );
  }
  const enrolled = Math.max(MIN_ENROLLED, Math.min(several, Math.round((2 / 3) * people.length)));
  const known = Math.min(enrolled, people.length - 1);
  return [
    {
      ...{ people, backgrounds, id: 'closed', title: `everybody enrolled (${several})` },
      draws: openDraws(takes(people), { enrolled: several, photos, draws }),
    },
    {
      ...{ people, backgrounds, id: 'open' },
      title: `${known} enrolled, ${people.length - known} not`,
      draws: openDraws(takes(people), { enrolled: known, photos, draws }),
    },
  ];
}
