import { FEATURE_SET_NAMES, type FeatureSetName } from '@facehash/contracts';
import {
  equalErrorRate,
  rocCurve,
  scorePairs,
  share,
  shuffled,
  thresholdAt,
  type CurvePoint,
  type MeasuredPerson,
} from '@facehash/evaluation';
import { pairLlr, project, seededRandom, type Background } from '@facehash/keras-models';

/** So that nobody with many photos outweighs the others: ten make 45 pairs. */
const MAX_PHOTOS = 10;

export interface OneToOne {
  readonly name: string;
  readonly features: FeatureSetName;
  readonly pairs: { readonly genuine: number; readonly impostor: number };
  readonly equalErrorRate: number;
  /** Share of pairs of one person accepted where this share of pairs of two is. */
  readonly matchedAt: Readonly<Record<'1 %' | '.1 %', number>>;
  readonly roc: readonly CurvePoint[];
}

/** Two photos at a time, without anybody enrolled; photos that enrolment refuses are left out. */
export function oneToOne(
  name: string,
  people: readonly MeasuredPerson[],
  backgrounds: Readonly<Record<FeatureSetName, Background>>,
): OneToOne[] {
  const random = seededRandom(1);
  const drawn = people.map((photos) => shuffled(photos, random).slice(0, MAX_PHOTOS));
  return FEATURE_SET_NAMES.map((features) => {
    const background = backgrounds[features];
    const projected = drawn.map((photos) =>
      photos.flatMap(({ enrolled }) => (enrolled ? [project(background, enrolled[features])] : [])),
    );
    const scores = scorePairs(projected, pairLlr(background));
    const { genuine, impostor } = scores;
    return {
      ...{ name, features },
      pairs: { genuine: genuine.length, impostor: impostor.length },
      equalErrorRate: equalErrorRate(scores),
      matchedAt: {
        '1 %': share(genuine, thresholdAt(impostor, 0.01)),
        '.1 %': share(genuine, thresholdAt(impostor, 0.001)),
      },
      roc: rocCurve(scores),
    };
  });
}
