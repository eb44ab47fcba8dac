import { openLandmarkPredictor } from '@facehash/dlib-node';
import type { EmbeddingEngine } from '@facehash/sface';
import { analyze, type AnalyzeOptions, type ImageAnalysis } from './analyze.js';
import { openEngines } from './embedding/open-engines.js';
import { loadOpenCv, versionOf } from './opencv.js';
import { createSlots } from './slots.js';
import { loadCascades } from './stages/cascades.js';
import { chooseDecoder } from './stages/choose-decoder.js';

export interface FaceAnalyzer {
  /** Which libraries do the work and why, for the log. */
  readonly description: {
    readonly opencv: string;
    readonly decoder: string;
    /** Why this decoder. */
    readonly reason: string;
    readonly engine: string;
  };
  /** Throws AppError IMAGE_EMPTY, IMAGE_TYPE_UNSUPPORTED, IMAGE_UNREADABLE or IMAGE_TOO_MANY_PIXELS. No face is no error. */
  analyze(image: Uint8Array, options: AnalyzeOptions): Promise<ImageAnalysis>;
  /** Frees the landmark model and the engines; call it when no photo is in work. Idempotent. */
  close(): void;
}

export interface FaceAnalyzerOptions {
  /** Directory of the Haar cascades (`haarcascades/`). */
  readonly cascadesDir: string;
  /** The flat landmark model that setup writes. */
  readonly landmarkModelPath: string;
  /** Photos in work at once; more wait in the order they came. One per core, as each stage fills one. */
  readonly slots: number;
  readonly maxPixels: number;
  /** From openEngines; OpenCV's own where they are left out. */
  readonly engines?: readonly EmbeddingEngine[];
}

/** @throws AppError UNAVAILABLE when OpenCV's engine does not compute what it should */
export async function createFaceAnalyzer(o: FaceAnalyzerOptions): Promise<FaceAnalyzer> {
  const cv = loadOpenCv();
  const engines = o.engines ?? (await openEngines('opencv', o.slots));
  const ofSlots = Array.from({ length: o.slots }, (_, at) => engines[at % engines.length]!);
  const slots = createSlots(ofSlots.map((engine) => ({ engine, cascades: loadCascades(cv, o.cascadesDir) })));
  const decoder = chooseDecoder(cv);
  const predictor = await openLandmarkPredictor(o.landmarkModelPath);
  const parts = { cv, decoder, predictor, maxPixels: o.maxPixels };
  return {
    description: {
      opencv: versionOf(cv),
      decoder: decoder.name,
      reason: decoder.reason,
      engine: engines[0]!.name,
    },
    analyze: (image, options) => slots.use((slot) => analyze(image, options, { ...parts, ...slot })),
    close: () => {
      for (const engine of engines) engine.close();
      predictor.close();
    },
  };
}
