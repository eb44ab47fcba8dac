import { basename } from 'node:path';
import type { RecognizedFace } from '@facehash/contracts';
import Table from 'cli-table3';

export interface FacesOfPhoto {
  readonly photo: string;
  readonly faces: readonly RecognizedFace[];
}

/** One line per face. The score counts as a match from the threshold on; confidence puts the two on a scale of 0 to 1. */
export function facesTable(rows: readonly FacesOfPhoto[]): string {
  const table = new Table({
    head: ['photo', 'label', 'confidence', 'score', 'threshold'],
    colAligns: ['left', 'left', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { photo, faces } of rows) {
    if (faces.length === 0) table.push([basename(photo), '(no face found)', '', '', '']);
    for (const { label, ambiguous, confidence, candidates, threshold } of faces) {
      const doubtful = candidates
        .slice(0, 2)
        .map((candidate) => candidate.label)
        .join(' or ');
      const name = ambiguous ? `(${doubtful})` : (label ?? '(unknown)');
      const score = candidates[0]?.score.toFixed(1) ?? '';
      table.push([basename(photo), name, confidence.toFixed(3), score, threshold.toFixed(1)]);
    }
  }
  return table.toString();
}
