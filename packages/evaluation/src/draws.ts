import { seededRandom } from '@facehash/keras-models';
import type { MeasuredPerson } from './photo.js';
import { shuffled } from './shuffled.js';

/** Who is enrolled with which photos, and who is to be named or not. Numbers are indices of people and of their photos. */
export interface Draw {
  readonly enrolled: readonly {
    readonly person: number;
    readonly photos: readonly number[];
    readonly probes: readonly number[];
  }[];
  readonly strangers: readonly { readonly person: number; readonly probes: readonly number[] }[];
}

/** Of each person's photos, which ones an enrolment takes. Whoever sends one that is refused is told so, and sends another. */
export type Takes = readonly (readonly boolean[])[];

export function takes(people: readonly MeasuredPerson[]): Takes {
  return people.map((photos) => photos.map(({ enrolled }) => enrolled !== undefined));
}

/** Splits of people with ten photos: first five, last five, odd and even. */
export const FIXED_HALVES: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4],
  [5, 6, 7, 8, 9],
  [0, 2, 4, 6, 8],
];

/** Everybody is enrolled with `photos` of theirs, drawn anew for each draw; the others are probes. */
export function closedDraws(people: Takes, { photos, draws }: { photos: number; draws: number }): Draw[] {
  return Array.from({ length: draws }, (_, seed) => {
    const random = seededRandom(1000 + seed);
    return { enrolled: people.map((own, person) => split(person, own, photos, random)), strangers: [] };
  });
}

/** Everybody is enrolled with the same photos, less those that are refused. */
export function closedDraw(people: Takes, photos: readonly number[]): Draw {
  return {
    enrolled: people.map((own, person) => ({
      person,
      photos: photos.filter((photo) => own[photo]),
      probes: range(own.length).filter((photo) => !photos.includes(photo)),
    })),
    strangers: [],
  };
}

/**
 * `enrolled` people are drawn and enrolled with as many of their photos as `photos` says of those there are; the rest of these and
 * every other person are probes. Whoever has no photo to spare is a stranger.
 */
export function openDraws(
  people: Takes,
  { enrolled, photos, draws }: { enrolled: number; photos: (count: number) => number; draws: number },
): Draw[] {
  return Array.from({ length: draws }, (_, seed) => {
    const random = seededRandom(seed);
    const drawn = shuffled(range(people.length), random);
    const isSpared = (person: number): boolean => {
      const [count, wanted] = [people[person]!.length, photos(people[person]!.length)];
      return wanted > 0 && wanted < count && people[person]!.includes(true);
    };
    const chosen = drawn.filter(isSpared).slice(0, enrolled);
    return {
      enrolled: chosen.map((person) => {
        const own = people[person]!;
        return split(person, own, photos(own.length), random);
      }),
      strangers: drawn
        .filter((person) => !chosen.includes(person))
        .map((person) => ({ person, probes: range(people[person]!.length) })),
    };
  });
}

function split(
  person: number,
  own: readonly boolean[],
  photos: number,
  random: () => number,
): Draw['enrolled'][number] {
  const order = shuffled(range(own.length), random);
  const chosen = order.filter((photo) => own[photo]).slice(0, photos);
  // Those sent in vain are asked no more: a face that cannot be found would be an error in every draw.
  const sent = order.slice(0, order.indexOf(chosen.at(-1)!) + 1);
  return { person, photos: chosen, probes: order.slice(sent.length) };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, at) => at);
}
