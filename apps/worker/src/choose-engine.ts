import { AppError, isAppError } from '@facehash/contracts';
import type { Backend } from '@facehash/keras-models';
import type { EngineKind, FaceAnalyzerOptions } from '@facehash/vision';

export const WANTED_ENGINES = ['auto', 'opencv', 'tensorflow', 'wasm'] as const;
export type WantedEngine = (typeof WANTED_ENGINES)[number];

type Engines = NonNullable<FaceAnalyzerOptions['engines']>;

export interface ChosenEngines {
  readonly engines: Engines;
  /** Which it is, where it computes, and why not a better one; for the log. */
  readonly reason: string;
}

interface Candidate {
  readonly kind: EngineKind;
  /** Why this one, at this place. */
  readonly why: string;
}

/**
 * Which library computes embeddings. With `auto`: a GPU where TensorFlow.js has one, else OpenCV, which is always installed and on a
 * CPU as fast as native TensorFlow at half the memory (`pnpm bench engines`), else what TensorFlow.js has. Each is
 * checked against the original network before it is taken.
 * @param open openEngines of the vision package
 * @throws AppError UNAVAILABLE when none that is wanted works; the message says why for each
 */
export async function chooseEngine(
  { wanted, backend, slots }: { wanted: WantedEngine; backend: Backend; slots: number },
  open: (kind: EngineKind, slots: number) => Promise<Engines>,
): Promise<ChosenEngines> {
  const failures: string[] = [];
  for (const { kind, why } of candidates(wanted, backend)) {
    try {
      const engines = await open(kind, slots);
      return { engines, reason: [`${engines[0]!.name}: ${why}`, ...failures].join('; ') };
    } catch (error) {
      failures.push(`${kind} not taken: ${firstLine(error)}`);
    }
  }
  throw new AppError('UNAVAILABLE', `No engine for embeddings with '${wanted}': ${failures.join('; ')}.`);
}

function candidates(wanted: WantedEngine, backend: Backend): readonly Candidate[] {
  const opencv = (why: string): Candidate => ({ kind: 'opencv', why });
  const tfjs = (why: string): Candidate => ({ kind: 'tfjs', why });
  if (wanted === 'opencv') return [opencv('asked for')];
  if (wanted !== 'auto') {
    if (backend.name === wanted) return [tfjs('asked for')];
    throw new AppError(
      'UNAVAILABLE',
      `FACEHASH_ENGINE=${wanted} needs TensorFlow.js on '${wanted}', which runs on '${backend.name}' (${backend.reason}); set FACEHASH_BACKEND=${wanted}.`,
    );
  }
  if (backend.gpu) return [tfjs('a GPU computes'), opencv('the next best')];
  const noGpu = `no GPU, as TensorFlow.js runs on '${backend.name}' (${backend.reason})`;
  // Plain CPU takes a second a face.
  return backend.name === 'cpu' ? [opencv(noGpu)] : [opencv(noGpu), tfjs(noGpu)];
}

function firstLine(error: unknown): string {
  const text = isAppError(error) || error instanceof Error ? error.message : String(error);
  return text.trim().split('\n')[0]!.trim();
}
