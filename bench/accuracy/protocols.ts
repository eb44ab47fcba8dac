import type { FeatureSetName } from '@facehash/contracts';
import {
  takes,
  closedDraw,
  closedDraws,
  FIXED_HALVES,
  openDraws,
  type MeasuredPerson,
  type Protocol,
} from '@facehash/evaluation';
import type { Background } from '@facehash/keras-models';

type Backgrounds = Readonly<Record<FeatureSetName, Background>>;

const DRAWS = 10;
/** Enrolled with three, with at least one left to be named. */
export const CROWD_MIN_PHOTOS = 4;

/** @param people 40, ten photos each */
export function orlProtocols(people: readonly MeasuredPerson[], backgrounds: Backgrounds): Protocol[] {
  const photos = takes(people);
  const halves = FIXED_HALVES.map((half) => closedDraw(photos, half));
  const shared = { people, backgrounds };
  return [
    {
      ...{ ...shared, id: 'orl-5-5', title: 'ORL, 40 people: 5 photos enrolled, 5 named' },
      draws: [...halves, ...closedDraws(photos, { photos: 5, draws: DRAWS })],
    },
    {
      ...{ ...shared, id: 'orl-1', title: 'ORL, 40 people: 1 photo enrolled, 9 named' },
      draws: closedDraws(photos, { photos: 1, draws: DRAWS }),
    },
    {
      ...{ ...shared, id: 'orl-20-20', title: 'ORL, 20 people × 5 enrolled, 20 strangers' },
      draws: openDraws(photos, { enrolled: 20, photos: () => 5, draws: DRAWS }),
    },
  ];
}

/** @param people with 10 or more photos, none of them in the background */
export function lfwProtocols(people: readonly MeasuredPerson[], backgrounds: Backgrounds): Protocol[] {
  const photos = takes(people);
  return [5, 3, 1].map((count) => ({
    ...{ people, backgrounds, id: `lfw-20x${count}` },
    title: `LFW, 20 people × ${count} enrolled, ${people.length - 20} strangers`,
    draws: openDraws(photos, { enrolled: 20, photos: () => count, draws: DRAWS }),
  }));
}

/** @param people with CROWD_MIN_PHOTOS or more photos @param backgrounds made without them */
export function crowdProtocol(people: readonly MeasuredPerson[], backgrounds: Backgrounds): Protocol {
  return {
    ...{ people, backgrounds, id: 'lfw-crowd' },
    title: `LFW, ${people.length} people: 3 photos enrolled, the rest named`,
    draws: closedDraws(takes(people), { photos: 3, draws: DRAWS }),
  };
}
