import { checkEngine, createTfjsEngine, shippedNetwork, type EmbeddingEngine } from '@facehash/sface';
import { loadOpenCv } from '../opencv.js';
import { createOpenCvEngine } from './opencv-engine.js';

/** `tfjs`: on the TensorFlow.js backend that is current. */
export type EngineKind = 'opencv' | 'tfjs';

/**
 * Engines for so many photos at a time, checked against the original network. OpenCV's runs one face at a time, so each slot gets
 * its own; TensorFlow.js has one current backend and gathers what comes, so all slots share one, and one copy of the weights.
 * @throws AppError UNAVAILABLE when they do not compute what they should
 */
export async function openEngines(kind: EngineKind, slots: number): Promise<EmbeddingEngine[]> {
  const network = await shippedNetwork();
  const engines =
    kind === 'tfjs'
      ? [createTfjsEngine(network)]
      : await Promise.all(Array.from({ length: slots }, () => createOpenCvEngine(loadOpenCv(), network)));
  try {
    await checkEngine(engines[0]!);
    return engines;
  } catch (error) {
    for (const engine of engines) engine.close();
    throw error;
  }
}
