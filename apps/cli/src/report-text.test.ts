import { describe, expect, it } from '@jest/globals';
import type { ModelReportResource } from '@facehash/contracts';
import { reportText } from './report-text.js';

const report: ModelReportResource = {
  ...{ object: 'model_report', version: 'mdl_1', threshold: 6.04 },
  subjects: [
    {
      ...{ label: 'ann', subject_id: 'sub_1', photos: 5, advice: 'better' },
      agreement: { named: 0.8, median_score: 20, lowest: { photo_id: 'photo_7', score: -3.21 } },
      confusions: [
        { label: 'bob', subject_id: 'sub_2', photos: 1, highest: { photo_id: 'photo_7', score: 15 } },
      ],
    },
    { label: 'bob', subject_id: 'sub_2', photos: 1, agreement: null, confusions: [], advice: 'more' },
  ],
  look_alikes: [
    {
      people: [
        { label: 'ann', subject_id: 'sub_1' },
        { label: 'anna', subject_id: 'sub_3' },
      ],
      score: 12.5,
    },
  ],
};

describe('reportText', () => {
  it('has a line a person with what pulls it away, and names whom the key may have twice', () => {
    const lines = reportText(report).split('\n');
    expect(lines[0]).toContain('6.0');
    expect(lines.find((line) => line.includes(' ann '))).toMatch(
      /5 .*80 %.*20\.0.*-3\.2.*photo_7.*bob \(1\).*replace the lowest photo/,
    );
    expect(lines.find((line) => line.startsWith('│ bob '))).toContain('more photos');
    expect(lines.at(-1)).toBe('ann and anna may be one person (score 12.5).');
  });
});
