import type { ModelReportResource } from '@facehash/contracts';
import { plainTable } from './plain-table.js';

type Subject = ModelReportResource['subjects'][number];

const ADVICE: Readonly<Record<Subject['advice'], string>> = {
  enough: 'enough photos',
  more: 'more photos',
  better: 'replace the lowest photo',
};

/** A line a person, the worst first, then whom the key may have twice. */
export function reportText({ threshold, subjects, look_alikes }: ModelReportResource): string {
  const head = [
    'label',
    'photos',
    'named by the others',
    'median',
    'lowest',
    'photo',
    'mistaken for',
    'needs',
  ];
  const rows = subjects.map(({ label, photos, agreement, confusions, advice }) => [
    label,
    photos,
    agreement === null ? '' : `${Math.round(100 * agreement.named)} %`,
    agreement?.median_score.toFixed(1) ?? '',
    agreement?.lowest.score.toFixed(1) ?? '',
    agreement?.lowest.photo_id ?? '',
    confusions.map((rival) => `${rival.label} (${rival.photos})`).join(', '),
    ADVICE[advice],
  ]);
  const pairs = look_alikes.map(
    ({ people, score }) =>
      `${people.map(({ label }) => label).join(' and ')} may be one person (score ${score.toFixed(1)}).`,
  );
  return [`A name is given from a score of ${threshold.toFixed(1)}.`, plainTable(head, rows), ...pairs].join(
    '\n',
  );
}
