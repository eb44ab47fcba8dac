import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  drawDet,
  drawRules,
  drawScores,
  lossTable,
  openSetTable,
  rank1Table,
  rulesTable,
  writePlot,
  type ProtocolReport,
  type Table,
} from '@facehash/evaluation';

/** Writes report.json and the plots into a folder. @returns what is printed */
export async function writeOwnReport(
  folder: string,
  [closed, open]: readonly [ProtocolReport, ProtocolReport],
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const report = { date: new Date().toISOString(), protocols: [closed, open] };
  await writeFile(path.join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  const title = (what: string): string => `${what} (${open.title})`;
  const det = drawDet(title('Strangers named, enrolled missed'), [{ ...open, short: 'your photos' }]);
  await writePlot(folder, 'det', det);
  await writePlot(folder, 'scores', drawScores(title('Best scores'), open));
  await writePlot(folder, 'rules', drawRules(title('Who is named, by which rule'), open));
  const tables = [rank1Table([closed, open]), openSetTable([open]), rulesTable(open), lossTable([open])];
  return `${tables.map(aligned).join('\n\n')}\n\nCurves, tables and plots: ${path.resolve(folder)}\n`;
}

function aligned(table: Table): string {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
