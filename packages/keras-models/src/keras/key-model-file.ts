import { AppError } from '@facehash/contracts';
import { z } from 'zod';
import type { KeyModelFiles } from './save-key-model.js';

const layer = <Class extends string, Config extends z.ZodRawShape>(className: Class, config: Config) =>
  z.looseObject({ class_name: z.literal(className), config: z.looseObject(config) });
const weight = z.object({ name: z.string(), shape: z.array(z.int()), dtype: z.literal('float32') });

/** The layers of buildKerasModel and no others: a stored file must not choose what code runs. */
const modelJsonSchema = z.object({
  modelTopology: z.looseObject({
    config: z.looseObject({
      layers: z.tuple([
        layer('InputLayer', { batch_input_shape: z.tuple([z.null(), z.int().positive()]) }),
        layer('Dense', { units: z.int().positive() }),
        layer('Activation', { activation: z.literal('linear') }),
        layer('Multiply', {}),
        layer('Concatenate', { axis: z.literal(-1) }),
        layer('Dense', { units: z.int().positive() }),
      ]),
    }),
  }),
  weightsManifest: z.tuple([z.object({ weights: z.tuple([weight, weight, weight, weight]) })]),
});

/** What TensorFlow.js needs to build the model, known to fit together. */
export interface KeyModelArtifacts {
  readonly modelTopology: object;
  readonly weightSpecs: z.infer<typeof weight>[];
  readonly weightData: ArrayBuffer;
  readonly size: number;
  readonly labels: number;
}

/**
 * Checks the files before TensorFlow.js sees them: when weights and layers disagree, it throws half-way and keeps the
 * tensors made so far for ever.
 * @throws AppError MODEL_CORRUPT
 */
export function readKeyModelFiles({ modelJson, weights }: KeyModelFiles): KeyModelArtifacts {
  const { modelTopology, weightsManifest } = parseJson(modelJson);
  const [features, whitened, , , , llr] = modelTopology.config.layers;
  const size = features.config.batch_input_shape[1];
  const rank = whitened.config.units;
  const labels = llr.config.units;
  const weightSpecs = weightsManifest[0].weights;
  const shapes = JSON.stringify(weightSpecs.map(({ shape }) => shape));
  const expected = JSON.stringify([[size, rank], [rank], [2 * rank, labels], [labels]]);
  if (shapes !== expected) throw corrupt(`expected weights of shapes ${expected}, got ${shapes}`);
  const bytes = 4 * (size * rank + rank + 2 * rank * labels + labels);
  if (weights.byteLength !== bytes) {
    throw corrupt(`expected ${bytes} bytes of weights, got ${weights.byteLength}`);
  }
  return { modelTopology, weightSpecs, weightData: Uint8Array.from(weights).buffer, size, labels };
}

function parseJson(modelJson: Uint8Array): z.infer<typeof modelJsonSchema> {
  try {
    return modelJsonSchema.parse(JSON.parse(new TextDecoder().decode(modelJson)));
  } catch (cause) {
    throw corrupt(cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause), cause);
  }
}

export function corrupt(reason: string, cause?: unknown): AppError {
  const message = `The stored model cannot be loaded: ${reason}. Train the key again.`;
  return new AppError('MODEL_CORRUPT', message, { cause });
}
