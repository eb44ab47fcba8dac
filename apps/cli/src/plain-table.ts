import Table from 'cli-table3';

/** Cells in columns; short rows end early. */
export function plainTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) table.push(head.map((_, at) => String(row[at] ?? '')));
  return table.toString();
}
