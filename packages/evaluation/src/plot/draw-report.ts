import type { FeatureSetName } from '@facehash/contracts';
import type { ProtocolReport } from '../evaluate.js';
import { percent, type Axis } from './axes.js';
import { barChart, type Bar } from './bar-chart.js';
import { histogramChart } from './histogram-chart.js';
import { lineChart, type Line, type Marker } from './line-chart.js';

const SET_COLOURS: Readonly<Record<FeatureSetName, string>> = {
  ratios: '#b45309',
  embedding: '#1d4ed8',
};
const SETS = ['embedding', 'ratios'] as const;

const shareAxis = (label: string, min: number, ticks: readonly number[]): Axis => ({
  ...{ label, min, ticks },
  max: 1,
  isLog: true,
  show: percent,
});

/** @param reports of open sets; the first is drawn solid, the second dashed */
export function drawDet(title: string, reports: readonly (ProtocolReport & { short: string })[]): string {
  const lines: Line[] = [];
  const markers: Marker[] = [];
  for (const [at, { short, sets }] of reports.entries()) {
    for (const name of SETS) {
      const colour = SET_COLOURS[name];
      const { det, openSet } = sets[name];
      lines.push({ name: `${name}, ${short}`, colour, isDashed: at > 0, points: det! });
      for (const [shape, { fpir, tpir }] of [
        ['diamond', openSet!.balanced],
        ['dot', openSet!.strict],
      ] as const)
        markers.push({ shape, colour, x: fpir.mean, y: 1 - tpir.mean });
    }
  }
  return lineChart({
    title,
    x: shareAxis('strangers given a name (FPIR)', 0.0003, [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]),
    y: shareAxis('enrolled not named rightly (FNIR)', 0.001, [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]),
    ...{ lines, markers },
    shapes: [
      { shape: 'dot', name: 'own threshold, strict (1 %)' },
      { shape: 'diamond', name: 'own threshold, balanced (5 %)' },
    ],
  });
}

export function drawRoc(
  title: string,
  lines: readonly (Omit<Line, 'colour'> & { features: FeatureSetName })[],
): string {
  return lineChart({
    title,
    x: shareAxis('pairs of two people accepted (FMR)', 0.0001, [0.0001, 0.001, 0.01, 0.1, 1]),
    y: {
      label: 'pairs of one person accepted (1 − FNMR)',
      ...{ min: 0, max: 1 },
      ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
      show: percent,
    },
    lines: lines.map(({ features, ...line }) => ({ ...line, colour: SET_COLOURS[features] })),
  });
}

export function drawScores(title: string, { sets }: ProtocolReport): string {
  return histogramChart(
    title,
    SETS.map((name) => ({ name, histogram: sets[name].histogram! })),
  );
}

/** Our own thresholds beside the fixed rules, on the same answers. */
export function drawRules(title: string, { sets }: ProtocolReport): string {
  const own = SETS.flatMap((name): Bar[] => {
    const { strict, balanced } = sets[name].openSet!;
    const bar = (level: string, { fpir, tpir }: typeof strict): Bar => ({
      name: `${name}, ${level}`,
      isOurs: true,
      values: [fpir.mean, tpir.mean],
    });
    return [bar('strict', strict), bar('balanced', balanced)];
  });
  const fixed = sets.embedding.fixedRules!.map(({ name, fpir, tpir }): Bar => ({
    name: `embedding, ${name}`,
    isOurs: false,
    values: [fpir.mean, tpir.mean],
  }));
  return barChart(title, ['strangers given a name', 'enrolled named rightly'], [...own, ...fixed]);
}
