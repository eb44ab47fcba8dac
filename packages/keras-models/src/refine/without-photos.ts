import { mirrorLower } from '../fit/covariance.js';
import { everybody, type GroupStatistics, type KeyStatistics } from '../fit/key-statistics.js';
import type { LabelledPhoto } from './refine-classifier.js';

/**
 * The statistics of everybody as if these photos had never been taken; nobody's last photo may be among them. A photo at a distance d
 * from the mean of n takes n / (n − 1) · d d' of the scatter with it (`addRows`, backwards).
 */
export function withoutPhotos(statistics: KeyStatistics, photos: readonly LabelledPhoto[]): GroupStatistics {
  const { rank } = statistics;
  const { ids, counts, means, scatter } = everybody(statistics);
  const [left, moved] = [[...counts], means.map((mean) => mean.slice())];
  for (const { label, row } of photos) {
    const [n, mean] = [left[label]!, moved[label]!];
    if (n < 2) throw new RangeError(`expected another photo of output ${label} to stay; this is its last`);
    const apart = mean.map((value, j) => row[j]! - value);
    for (let i = 0; i < rank; i++)
      for (let j = 0; j <= i; j++) scatter[i * rank + j]! -= (n / (n - 1)) * apart[i]! * apart[j]!;
    for (let j = 0; j < rank; j++) mean[j]! -= apart[j]! / (n - 1);
    left[label] = n - 1;
  }
  // Exactly: a rounding apart, and no factor of it is taken.
  mirrorLower(scatter, rank);
  return { ids, counts: left, means: moved, scatter };
}
