import { FEATURE_SET_NAMES } from '@facehash/contracts';
import type { ProtocolReport } from './evaluate.js';
import type { MeanSd } from './metrics.js';

/** Rows of text; the first is the head. */
export type Table = readonly (readonly string[])[];

/** The best label, right or not: both feature sets and what `auto` takes. */
export function rank1Table(reports: readonly ProtocolReport[]): Table {
  return [
    ['rank-1', 'ratios', 'embedding', '`auto`', 'draws in which `auto` takes the embedding'],
    ...reports.map(({ title, sets, auto, draws }) => [
      title,
      ...[sets.ratios, sets.embedding, auto].map((figures) => share(figures.rank1)),
      `${auto.tookEmbedding} of ${draws}`,
    ]),
  ];
}

/** With strangers: what the scores could do, and what the product's own thresholds do. */
export function openSetTable(reports: readonly ProtocolReport[]): Table {
  return [
    [
      'strangers named / enrolled named',
      'features',
      'enrolled named at 1 % of strangers',
      'at 5 %',
      'own threshold, strict (1 %)',
      'own threshold, balanced (5 %)',
    ],
    ...reports.flatMap(({ title, sets, auto }) =>
      [...FEATURE_SET_NAMES, 'auto' as const].flatMap((name) => {
        const { openSet } = name === 'auto' ? auto : sets[name];
        if (openSet === undefined) return [];
        const { tpirAtFpir1, tpirAtFpir5, strict, balanced } = openSet;
        const rates = [strict, balanced].map(({ fpir, tpir }) => `${share(fpir)} / ${share(tpir)}`);
        return [[title, name, share(tpirAtFpir1), share(tpirAtFpir5), ...rates]];
      }),
    ),
  ];
}

/** The usual rules beside the product's, on the same answers. */
export function rulesTable({ sets }: ProtocolReport): Table {
  const rows = FEATURE_SET_NAMES.flatMap((name) => {
    const { openSet, fixedRules = [] } = sets[name];
    if (openSet === undefined) return [];
    const own = (['strict', 'balanced'] as const).map((level) => ({
      name: `the product's threshold, ${level}`,
      ...openSet[level],
    }));
    return [...own, ...fixedRules].map((rule) => [name, rule.name, share(rule.fpir), share(rule.tpir)]);
  });
  return [['features', 'rule', 'strangers named', 'enrolled named rightly'], ...rows];
}

/** Where photos of enrolled people are lost on the way, at the strict threshold. */
export function lossTable(reports: readonly ProtocolReport[]): Table {
  return [
    [
      'photos of enrolled people',
      'features',
      'not decoded',
      'no face found',
      'landmarks elsewhere',
      'another name is best',
      'withheld',
      'named',
    ],
    ...reports.flatMap(({ title, sets }) =>
      FEATURE_SET_NAMES.map((name) => {
        const { decode, detect, landmarks, classify, threshold, named } = sets[name].loss;
        const shares = [decode, detect, landmarks, classify, threshold, named];
        return [title, name, ...shares.map((value) => percent(value))];
      }),
    ),
  ];
}

/** Who is taken for whom, as counts. */
export function confusionTable(reports: readonly ProtocolReport[]): Table {
  return [
    ['all draws together', 'features', 'photos', 'wrong best name', 'pairs of people', 'of the worst pair'],
    ...reports.flatMap(({ title, sets }) =>
      FEATURE_SET_NAMES.map((name) => {
        const { probes, errors, pairs, worstPair } = sets[name].confusions;
        return [title, name, ...[probes, errors, pairs, worstPair].map(String)];
      }),
    ),
  ];
}

export function markdown(table: Table): string {
  const [head, ...rows] = table.map((cells) => `| ${cells.join(' | ')} |`);
  return [head, `|${'---|'.repeat(table[0]!.length)}`, ...rows].join('\n');
}

/** `.996 ± .004` */
function share({ mean, sd }: MeanSd): string {
  return `${decimals(mean)} ± ${decimals(sd)}`;
}

export function decimals(value: number): string {
  return value.toFixed(3).replace(/^0\./, '.');
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
