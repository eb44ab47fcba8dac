import type { JobHandlers } from '@facehash/jobs';
import type { Metrics } from '@facehash/metrics';
import type { FaceAnalyzer } from '@facehash/vision';

/** A clear photo takes about 10 ms in all, the slowest search of a large one a second, a fit of many people some. */
const BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What a handler times itself and reports in its answer; the photo's stages stand there too and are counted at their source. */
const HANDLER_STAGES = new Set(['classify', 'read', 'fit', 'publish']);

interface StageMeasure {
  /** The same analyzer; decode, detect and landmarks of every photo are counted, also of a training's. */
  analyzer(analyzer: FaceAnalyzer): FaceAnalyzer;
  /** The same handlers; what they time themselves is counted. */
  handlers(handlers: JobHandlers): JobHandlers;
}

/** The stages of a job as one histogram; no handler knows of it. */
export function measureStages(metrics: Metrics): StageMeasure {
  const seconds = metrics.histogram({
    name: 'facehash_worker_stage_seconds',
    help: 'A stage of a photo (decode, detect, landmarks, classify) or of a training (read, fit, publish).',
    labels: ['stage'],
    buckets: BUCKETS_S,
  });
  const count = (timings: Readonly<Record<string, number>>, wanted: (stage: string) => boolean) => {
    for (const [stage, ms] of Object.entries(timings)) if (wanted(stage)) seconds({ stage }, ms / 1000);
  };

  return {
    analyzer: (analyzer) => ({
      ...analyzer,
      async analyze(photo, options) {
        const analysis = await analyzer.analyze(photo, options);
        count(analysis.timings, () => true);
        return analysis;
      },
    }),
    handlers: (handlers) => {
      const measured = Object.entries(handlers).map(([name, handler]) => {
        const run = async (payload: never, context: never): Promise<unknown> => {
          const answer: unknown = await handler.run(payload, context);
          count(timingsOf(answer), (stage) => HANDLER_STAGES.has(stage));
          return answer;
        };
        return [name, { ...handler, run }];
      });
      return Object.fromEntries(measured) as JobHandlers;
    },
  };
}

function timingsOf(answer: unknown): Readonly<Record<string, number>> {
  const { result } = answer as { readonly result?: { readonly timings?: Record<string, number> } };
  return result?.timings ?? {};
}
