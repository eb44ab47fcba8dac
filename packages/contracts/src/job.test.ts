import { describe, expect, it } from '@jest/globals';
import { newId } from './ids.js';
import { jobSchema, type Job } from './job.js';

const face = {
  box: { left: 1, top: 2, width: 30, height: 30 },
  landmarks: Array.from({ length: 68 }, (_, i): [number, number] => [i, i]),
  quality: {
    eye_distance_px: 12,
    roll_deg: 0,
    turn: 0,
    nod: 0.5,
    sharpness: 0.1,
    brightness: 0.5,
    clipped: 0,
  },
};
const claimed = { label: 'Ada', match: true, score: 4, confidence: 0.9 };
const recognized = { ...face, label: null, ambiguous: false, confidence: 0.1, candidates: [], threshold: 2 };
const image = { width: 64, height: 48 };
const verified = { field: 'image' as const, ...image, faces: 1, face };

const RESULTS: [string, Job['result']][] = [
  ['a recognition', { image, faces: [{ ...recognized, claimed }, recognized], timings: { decode: 1 } }],
  ['a detection', { image, faces: [face], timings: {} }],
  ['a detection of nobody', { image, faces: [], timings: {} }],
  [
    'a verification',
    {
      ...claimed,
      label: null,
      threshold: 3.8,
      images: [verified, { ...verified, field: 'reference' }],
      timings: {},
    },
  ],
];

const id = newId('job');
const now = '2026-11-24T00:00:00.000Z';
const job: Job = {
  ...{ id, object: 'job', type: 'recognize', status: 'succeeded', model: null, result: null, error: null },
  ...{ created_at: now, started_at: now, completed_at: now, expires_at: now, waiting_for: null },
  progress: { percent: 100, stage: 'done' },
  metadata: {},
  metrics: { queue_ms: 1, process_ms: 1 },
  urls: { self: `/v1/jobs/${id}`, cancel: `/v1/jobs/${id}/cancel`, events: `/v1/jobs/${id}/events` },
};

describe('a job read from its record', () => {
  it.each(RESULTS)('keeps everything of %s: no other result takes it for its own', (_name, result) => {
    expect(jobSchema.parse({ ...job, result }).result).toEqual(result);
  });
});
