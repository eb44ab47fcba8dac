import { readFile } from 'node:fs/promises';

interface DocumentedMetric {
  readonly name: string;
  readonly type: string;
  readonly labels: string[];
}

/** The rows of docs/metrics.md under the headings given, such as: | `name` | counter | `label`, `label` | meaning | */
export async function documentedMetrics(...headings: readonly string[]): Promise<DocumentedMetric[]> {
  const page = await readFile(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
  const sections = page
    .split(/^## /m)
    .filter((section) => headings.some((name) => section.startsWith(`${name}\n`)));
  return [...sections.join('').matchAll(/^\| `(\w+)` +\| (\w+) +\| (.+?) +\| \S.* \|$/gm)].map(
    ([, name, type, labels]) => ({
      name: name!,
      type: type!,
      labels: [...labels!.matchAll(/`(\w+)`/g)].map(([, label]) => label!),
    }),
  );
}
