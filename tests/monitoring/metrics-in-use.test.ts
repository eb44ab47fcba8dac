import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ERROR_CODES } from '@facehash/contracts';
import { JOB_NAMES } from '@facehash/jobs';
import { documentedMetrics } from '@facehash/testkit';

const MONITORING = path.resolve(import.meta.dirname, '../../deploy/monitoring');

/** What Prometheus itself adds to every series. */
const BY_PROMETHEUS = ['job', 'instance'];

type Documented = Awaited<ReturnType<typeof documentedMetrics>>[number];

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
}

let metrics: Map<string, Documented>;
let dashboard: Dashboard;
let rules: string;
let alerts: string[];

beforeAll(async () => {
  const documented = await documentedMetrics('Gateway', 'Worker', 'Both processes');
  metrics = new Map(documented.map((metric) => [metric.name, metric]));
  dashboard = JSON.parse(
    await readFile(path.join(MONITORING, 'grafana/dashboards/facehash.json'), 'utf8'),
  ) as Dashboard;
  rules = await readFile(path.join(MONITORING, 'alerts.yml'), 'utf8');
  alerts = [...rules.matchAll(/ expr: (?:>-\n)?([^]+?)\n +(?:for|labels):/g)].map(([, expr]) => expr!);
});

const panelExpressions = () =>
  dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Every use of a metric of ours in PromQL, its selector's labels beside it. */
function uses(expr: string): { metric: Documented | undefined; name: string; labels: string[] }[] {
  return [...expr.matchAll(/\b((?:facehash|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name, selector]) => ({
      name: name!,
      metric: metrics.get(name!) ?? histogramOf(name!),
      labels: [...(selector ?? '').matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label]) => label!),
    }),
  );
}

function histogramOf(series: string): Documented | undefined {
  const metric = metrics.get(series.replace(/_(bucket|sum|count)$/, ''));
  return metric?.type === 'histogram' ? metric : undefined;
}

describe('The alerts and the dashboard', () => {
  it('use metrics that are documented, and labels that these have', () => {
    expect(alerts).toHaveLength(rules.split('- alert:').length - 1);
    for (const expr of [...alerts, ...panelExpressions()]) {
      const used = uses(expr);
      const known = new Set(BY_PROMETHEUS.concat('le'));
      for (const { name, metric, labels } of used) {
        expect({ expr, name, isDocumented: metric !== undefined }).toMatchObject({ isDocumented: true });
        expect({ expr, labels }).toEqual({
          expr,
          labels: labels.filter((label) => metric!.labels.concat(BY_PROMETHEUS).includes(label)),
        });
        for (const label of metric!.labels) known.add(label);
      }
      for (const [, by] of expr.matchAll(/\bby \(([^)]*)\)/g)) {
        for (const label of by!.split(', '))
          expect({ expr, label, known: known.has(label) }).toMatchObject({ known: true });
      }
    }
  });

  it('rate what counts, and never what is a gauge', () => {
    for (const expr of [...alerts, ...panelExpressions()]) {
      for (const [, name] of expr.matchAll(/\b(?:rate|increase)\((\w+)/g)) {
        const type = (metrics.get(name!) ?? histogramOf(name!))?.type;
        expect({ expr, counts: type === 'counter' || type === 'histogram' }).toEqual({ expr, counts: true });
      }
    }
  });

  it('name error codes and job types that exist', () => {
    for (const expr of [...alerts, ...panelExpressions()]) {
      for (const [, codes] of expr.matchAll(/\bcode=~"([^"]+)"/g)) {
        for (const code of codes!.split('|')) expect(ERROR_CODES).toContain(code);
      }
      for (const [, types] of expr.matchAll(/\btype=~"([^"]+)"/g)) {
        for (const type of types!.split('|')) expect(JOB_NAMES).toContain(type);
      }
    }
  });
});

describe('The dashboard', () => {
  it('shows every metric of our own', () => {
    const shown = new Set(panelExpressions().flatMap((expr) => uses(expr).map(({ metric }) => metric?.name)));
    const own = [...metrics.keys()].filter((name) => name.startsWith('facehash_'));
    expect(own.filter((name) => !shown.has(name))).toEqual([]);
  });

  it('has panels that can be told apart, with legends of labels that their series have', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { type, title, targets = [] } of dashboard.panels) {
      expect({ title, asks: targets.length > 0 }).toEqual({ title, asks: type !== 'row' });
      for (const { expr, legendFormat } of targets) {
        const kept = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, by]) => by!.split(', '));
        const own =
          kept.length > 0 ? kept : uses(expr).flatMap(({ metric }) => metric!.labels.concat(BY_PROMETHEUS));
        for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(own).toContain(label);
      }
    }
  });
});
