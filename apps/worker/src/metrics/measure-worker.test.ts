import { describe, expect, it } from '@jest/globals';
import type { JobContext, JobHandlers, Payload } from '@facehash/jobs';
import { createMetrics } from '@facehash/metrics';
import { documentedMetrics } from '@facehash/testkit';
import { measureStorage, type ObjectStorage } from '@facehash/storage';
import type { FaceAnalyzer } from '@facehash/vision';
import { createModelCache, type LoadedModel } from '../model-cache.js';
import { measureJobs } from './measure-jobs.js';
import { measureEngine } from './measure-engine.js';
import { measureFaces } from './measure-faces.js';
import { measureModelCache } from './measure-model-cache.js';
import { measureStages } from './measure-stages.js';

const loaded = { model: { dispose: () => undefined } } as unknown as LoadedModel;
const emptyCache = () => createModelCache({ load: () => Promise.resolve(loaded), maxModels: 1 });

describe("The worker's metrics", () => {
  it('are those of docs/metrics.md, no more and no fewer', async () => {
    const metrics = createMetrics();
    measureJobs(metrics);
    measureStages(metrics);
    measureModelCache(metrics, emptyCache());
    measureEngine(metrics, { engine: 'OpenCV', backend: 'wasm', device: 'cpu' });
    measureFaces(metrics);
    measureStorage(metrics, {} as ObjectStorage);
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(metrics.describe().sort(byName)).toEqual(
      (await documentedMetrics('Worker', 'Both processes')).sort(byName),
    );
  });

  it('count attempts by type and outcome, in seconds', async () => {
    const metrics = createMetrics();
    const observer = measureJobs(metrics);
    observer.started('recognize', 40);
    observer.ended('recognize', 'again', 20);
    observer.ended('recognize', 'succeeded', 30);
    const text = await metrics.text();
    expect(text).toContain('facehash_worker_jobs_total{type="recognize",outcome="again"} 1\n');
    expect(text).toContain('facehash_worker_jobs_total{type="recognize",outcome="succeeded"} 1\n');
    expect(text).toContain('facehash_worker_queue_seconds_sum{type="recognize"} 0.04\n');
    expect(text).toContain('facehash_worker_run_seconds_sum{type="recognize"} 0.05\n');
  });

  it('tell failures of our own from damaged photos by the code, and start at 0', async () => {
    const metrics = createMetrics();
    const observer = measureJobs(metrics);
    const before = await metrics.text();
    expect(before).toContain('facehash_worker_failures_total{code="INTERNAL"} 0\n');
    expect(before).toContain('facehash_worker_stalled_jobs_total{type="recognize"} 0\n');
    observer.gaveUp('recognize', 'IMAGE_UNREADABLE');
    observer.stalled('recognize');
    const text = await metrics.text();
    expect(text).toContain('facehash_worker_failures_total{code="IMAGE_UNREADABLE"} 1\n');
    expect(text).toContain('facehash_worker_stalled_jobs_total{type="recognize"} 1\n');
  });

  it('count photos by whether they show a face, and faces by what was answered', async () => {
    const metrics = createMetrics();
    const measure = measureFaces(metrics);
    const analyzer = measure.analyzer({
      analyze: () => Promise.resolve({ image: { width: 1, height: 1 }, faces: [], boxes: [], timings: {} }),
    } as unknown as FaceAnalyzer);
    await analyzer.analyze(new Uint8Array(), { profile: 'balanced', maxFaces: 1, features: ['ratios'] });
    const faces = [
      { label: 'Ada', ambiguous: false },
      { label: null, ambiguous: false },
      { label: null, ambiguous: true },
    ];
    const handlers = measure.handlers({
      recognize: { run: () => Promise.resolve({ result: { faces } }) },
    } as unknown as JobHandlers);
    await handlers.recognize.run({} as Payload<'recognize'>, {} as JobContext);

    const text = await metrics.text();
    expect(text).toContain('facehash_worker_photos_total{faces="none"} 1\n');
    for (const answer of ['named', 'unknown', 'ambiguous']) {
      expect(text).toContain(`facehash_worker_recognized_faces_total{answer="${answer}"} 1\n`);
    }
  });

  it("count a photo's stages once, by whichever job it was looked at", async () => {
    const metrics = createMetrics();
    const stages = measureStages(metrics);
    const timings = { decode: 2, detect: 4, landmarks: 1 };
    const analyzer = stages.analyzer({
      analyze: () => Promise.resolve({ image: { width: 1, height: 1 }, faces: [], boxes: [], timings }),
    } as unknown as FaceAnalyzer);
    const handlers = stages.handlers({
      recognize: {
        async run() {
          const analysis = await analyzer.analyze(new Uint8Array(), {
            profile: 'balanced',
            maxFaces: 1,
            features: ['ratios'],
          });
          return { result: { timings: { ...analysis.timings, classify: 8 } } };
        },
      },
    } as unknown as JobHandlers);
    const answer = await handlers.recognize.run({} as Payload<'recognize'>, {} as JobContext);

    expect(answer).toMatchObject({ result: { timings: { decode: 2, classify: 8 } } });
    const text = await metrics.text();
    for (const [stage, seconds] of [
      ['decode', 0.002],
      ['detect', 0.004],
      ['landmarks', 0.001],
      ['classify', 0.008],
    ] as const) {
      expect(text).toContain(`facehash_worker_stage_seconds_sum{stage="${stage}"} ${seconds}\n`);
      expect(text).toContain(`facehash_worker_stage_seconds_count{stage="${stage}"} 1\n`);
    }
  });

  it('tell a model that was in memory from one that had to be loaded, and how many are there', async () => {
    const metrics = createMetrics();
    const cache = measureModelCache(metrics, emptyCache());
    for (const version of ['1', '1', '2']) await cache.use('key', version, () => Promise.resolve());
    const text = await metrics.text();
    expect(text).toContain('facehash_worker_model_cache_uses_total{outcome="miss"} 2\n');
    expect(text).toContain('facehash_worker_model_cache_uses_total{outcome="hit"} 1\n');
    expect(text).toContain('facehash_worker_model_cache_models 1\n');
  });
});
