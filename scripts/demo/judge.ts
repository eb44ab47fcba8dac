import type { Cast } from './draw-photos.js';
import type { Answer } from './facehash.js';

export interface Answers {
  /** Of everybody's unseen photos, the stranger's among them; one face each. */
  readonly portraits: readonly Answer[];
  readonly group: Answer;
}

export interface Verdict {
  readonly table: string;
  readonly summary: string;
  readonly passed: boolean;
}

const ENOUGH_NAMED_RIGHTLY = 0.95;

/** What was said against what is true. */
export function judge(cast: Cast, { portraits, group }: Answers): Verdict {
  const faceOf = (photo: string) => portraits.find((answer) => answer.photo === photo)?.faces[0];
  const row = (who: string, truth: string | null, photos: readonly string[]) => {
    const faces = photos.map(faceOf);
    const right = faces.filter((face) => face?.label === truth).length;
    const said = faces.map((face) => (face === undefined ? '(no face)' : (face.label ?? 'unknown')));
    const confidences = faces.map((face) => face?.confidence ?? 0);
    const range = `${Math.min(...confidences).toFixed(2)}–${Math.max(...confidences).toFixed(2)}`;
    return { cells: [who, said.join(' '), range, `${right}/${photos.length}`], right, photos: photos.length };
  };

  const people = cast.people.map(({ name, unseen }) => row(name, name, unseen));
  const stranger = row('(stranger)', null, cast.stranger);
  const found = group.faces.map(({ label }) => label ?? 'unknown');
  const lines = [
    ['who', 'recognised as', 'confidence', 'right'],
    ...people.map(({ cells }) => cells),
    stranger.cells,
    [`group of ${cast.group.names.length}`, found.join(' '), '', `${found.length} found`],
  ];

  const right = people.reduce((sum, person) => sum + person.right, 0);
  const total = people.reduce((sum, person) => sum + person.photos, 0);
  const isStrangerUnknown = stranger.right === stranger.photos;
  const areAllFound = group.faces.length === cast.group.names.length;
  return {
    table: aligned(lines),
    summary:
      `Named rightly: ${right}/${total}. Stranger: ${isStrangerUnknown ? 'unknown' : 'TAKEN FOR SOMEBODY'}. ` +
      `Group picture: ${group.faces.length} of ${cast.group.names.length} people found.`,
    passed: right >= ENOUGH_NAMED_RIGHTLY * total && isStrangerUnknown && areAllFound,
  };
}

function aligned(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) => `  ${line.map((cell, column) => cell.padEnd(widths[column]!)).join('   ')}`.trimEnd())
    .join('\n');
}
