import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { along, type Axis } from './axes.js';
import { barChart } from './bar-chart.js';
import { roundTicks } from './histogram-chart.js';
import { writePlot } from './write-plot.js';

const LOG: Axis = { label: 'share', min: 0.001, max: 1, isLog: true, ticks: [], show: String };

describe('plots', () => {
  test('a decade is as long as any other on a logarithmic axis; what is beyond lies on its end', () => {
    expect([0.001, 0.01, 0.1, 1, 0].map((value) => Math.round(along(LOG, value, 0, 300)))).toEqual([
      0, 100, 200, 300, 0,
    ]);
  });

  test('ticks are round numbers within the axis', () => {
    expect(roundTicks(-37, 52, 8)).toEqual([-20, 0, 20, 40]);
    expect(roundTicks(0, 0.13, 4)).toEqual([0, 0.05, 0.1]);
  });

  test('a plot is written as SVG and as a PNG that shows its bars; names are escaped', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'facehash-plot-'));
    const svg = barChart('a < b', ['one', 'other'], [{ name: 'x & y', isOurs: true, values: [0.5, 1] }]);
    expect(svg).toContain('a &lt; b');
    await writePlot(folder, 'bars', svg);
    const { width, height } = await sharp(path.join(folder, 'bars.svg')).metadata();
    const png = sharp(path.join(folder, 'bars.png'));
    expect((await png.metadata()).width).toBe(2 * width);
    expect((await png.metadata()).height).toBe(2 * height);
    expect((await png.stats()).isOpaque).toBe(true);
    expect((await png.stats()).entropy).toBeGreaterThan(0.5);
    await rm(folder, { recursive: true });
  });
});
