import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Adds `value` to a counter (1 when left out), sets a gauge to it, or enters it into a histogram. */
export type Observe<L extends string> = (labels: Readonly<Record<L, string>>, value?: number) => void;

interface Description<L extends string> {
  /** Prometheus' conventions: `facehash_…`, base units, `_total` for counters. */
  readonly name: string;
  readonly help: string;
  /** Only what has few values: each combination is a time series that Prometheus keeps. Never an id, a path or a label of a person. */
  readonly labels: readonly L[];
}

interface Reading<L extends string> {
  readonly labels: Readonly<Record<L, string>>;
  readonly value: number;
}

/** What a process tells Prometheus. The only file that knows the client library, so that it can be replaced. */
export interface Metrics {
  counter<L extends string>(description: Description<L>): Observe<L>;
  histogram<L extends string>(
    description: Description<L> & { readonly buckets: readonly number[] },
  ): Observe<L>;
  /** A value that is read when Prometheus asks. Where `read` fails the metric is left out of that answer. */
  gauge<L extends string>(
    description: Description<L> & {
      readonly read: () => readonly Reading<L>[] | Promise<readonly Reading<L>[]>;
    },
  ): void;
  /** In Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
  /** Every metric there is, for the test of their documentation. */
  describe(): { name: string; type: string; labels: string[] }[];
}

/** A registry of its own with the process' CPU, memory, event loop and garbage collection in it. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  return {
    counter({ labels, ...description }) {
      const counter = new Counter({ ...description, labelNames: labels, registers });
      return (of, value = 1) => {
        counter.inc({ ...of }, value);
      };
    },
    histogram({ labels, buckets, ...description }) {
      const histogram = new Histogram({
        ...description,
        labelNames: labels,
        buckets: [...buckets],
        registers,
      });
      return (of, value = 1) => {
        histogram.observe({ ...of }, value);
      };
    },
    gauge({ labels, read, ...description }) {
      new Gauge({
        ...description,
        labelNames: labels,
        registers,
        async collect() {
          // One that cannot be read must not take the others with it: Prometheus gets an answer whole or not at all.
          const readings = await Promise.resolve()
            .then(read)
            .catch(() => []);
          this.reset();
          for (const { labels: of, value } of readings) this.set({ ...of }, value);
        },
      });
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
    describe: () =>
      registry.getMetricsAsArray().map((metric) => {
        // The library's types leave out what it was given.
        const { name, type, labelNames } = metric as unknown as Record<'name' | 'type', string> & {
          labelNames: string[];
        };
        return { name, type, labels: [...labelNames] };
      }),
  };
}
