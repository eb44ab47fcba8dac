import type { RecognizedFace } from '@facehash/contracts';
import type { JobHandlers } from '@facehash/jobs';
import type { Metrics } from '@facehash/metrics';
import type { FaceAnalyzer } from '@facehash/vision';

interface FaceMeasure {
  /** The same analyzer; its photos are counted by whether they show a face. */
  analyzer(analyzer: FaceAnalyzer): FaceAnalyzer;
  /** The same handlers; the faces of recognitions are counted by what was answered. */
  handlers(handlers: JobHandlers): JobHandlers;
}

/** What is found and named: a camera that went blind and a model that knows nobody any more look healthy in every other metric. */
export function measureFaces(metrics: Metrics): FaceMeasure {
  const photos = metrics.counter({
    name: 'facehash_worker_photos_total',
    help: 'Photos searched for faces, those of trainings included: `some` or `none` found.',
    labels: ['faces'],
  });
  const faces = metrics.counter({
    name: 'facehash_worker_recognized_faces_total',
    help: 'Faces of recognitions, by the answer: `named`, `unknown` or `ambiguous`.',
    labels: ['answer'],
  });

  return {
    analyzer: (analyzer) => ({
      ...analyzer,
      async analyze(photo, options) {
        const analysis = await analyzer.analyze(photo, options);
        photos({ faces: analysis.faces.length > 0 ? 'some' : 'none' });
        return analysis;
      },
    }),
    handlers: ({ recognize, ...others }) => ({
      ...others,
      recognize: {
        ...recognize,
        async run(payload, context) {
          const answer = await recognize.run(payload, context);
          for (const face of answer.result.faces) faces({ answer: answerOf(face) });
          return answer;
        },
      },
    }),
  };
}

function answerOf({ label, ambiguous }: RecognizedFace): 'named' | 'unknown' | 'ambiguous' {
  if (ambiguous) return 'ambiguous';
  return label === null ? 'unknown' : 'named';
}
